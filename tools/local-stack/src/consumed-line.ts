import type { Consumed } from './consumer.js';

/** What the consumer read, held against what the run delivered to the stream. */
export function consumedLine({ byType, testRecords, failed }: Omit<Consumed, 'records'>, delivered: number): string {
  const valid = Object.values(byType).reduce((sum, count) => sum + count, 0);
  const types = Object.entries(byType).map(([type, count]) => `${number(count)} ${type}`);
  const balance =
    valid === delivered
      ? ', as many as were delivered'
      : `; the run delivered ${number(delivered)} (of a run that was continued some may have been read before, or twice)`;
  const tests =
    testRecords === 0
      ? ''
      : `${valid === delivered ? ', and' : ';'} ${number(testRecords)} test record${testRecords === 1 ? '' : 's'} of loadin-setup`;
  return `${number(valid)} records${types.length === 0 ? '' : ` (${types.join(', ')})`}${balance}${tests}; ${number(failed)} failed`;
}

const number = (value: number): string => value.toLocaleString('en-US');
