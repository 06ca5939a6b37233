import { FatalError } from '@loadin/resilience';
import { isZone } from '../times/zone.js';
import type { Schedule } from '../types.js';
import { crontabFields, eventBridgeFields } from './cron-fields.js';

export interface ParseScheduleOptions {
  /** IANA name of the time zone whose wall clock counts, such as `Europe/Dublin`. A rate has none. Default `UTC`, as the documents have it. */
  readonly zone?: string;
}

/**
 * Reads `cron(0 2 * * ? *)`, `rate(1 hour)` (EventBridge's) or `0 2 * * *` (a crontab's five fields).
 * Throws `FatalError` that says what is wrong with it, in one line.
 */
export function parseSchedule(text: string, options: ParseScheduleOptions = {}): Schedule {
  const read = readSchedule(text, options);
  if ('kind' in read) return read;
  throw new FatalError(`The schedule ${JSON.stringify(text)} can't be used: ${read.fault}`, {
    hint: 'Write for example cron(0 2 * * ? *), rate(1 hour) or 0 2 * * *.',
  });
}

/** What is wrong with an expression, without naming it: for a message that says where it stands; `undefined` when nothing is. */
export function scheduleFault(text: string, options: ParseScheduleOptions = {}): string | undefined {
  const read = readSchedule(text, options);
  return 'fault' in read ? read.fault : undefined;
}

type Read = Schedule | { readonly fault: string };

/** What is wrong with the expression does not hide what is wrong with the zone, nor the other way round. */
function readSchedule(text: string, { zone = 'UTC' }: ParseScheduleOptions): Read {
  if (isZone(zone)) return readExpression(text, zone);
  const read = readExpression(text, 'UTC');
  const noZone = `there is no time zone "${zone}"`;
  return { fault: 'fault' in read ? `${read.fault}; and ${noZone}` : noZone };
}

function readExpression(text: string, zone: string): Read {
  const expression = text.trim().replaceAll(/\s+/g, ' ');
  try {
    const rate = /^rate\((.*)\)$/.exec(expression)?.[1];
    if (rate !== undefined) return { kind: 'rate', text, everyMinutes: rateMinutes(rate) };
    const cron = /^cron\((.*)\)$/.exec(expression)?.[1];
    if (cron !== undefined) return { kind: 'cron', text, zone, ...eventBridgeFields(cron) };
    if (expression.split(' ').length === 5) return { kind: 'cron', text, zone, ...crontabFields(expression) };
  } catch (error) {
    return { fault: (error as Error).message };
  }
  return { fault: 'it is neither cron(…) nor rate(…) nor five fields' };
}

const UNIT_MINUTES: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1440 };

function rateMinutes(rate: string): number {
  const [, count = '', unit = '', plural] = /^([1-9]\d{0,5}) (minute|hour|day)(s)?$/.exec(rate) ?? [];
  const minutes = UNIT_MINUTES[unit];
  if (minutes === undefined) throw new Error('a rate is a number from 1, and minutes, hours or days');
  if ((count === '1') === (plural !== undefined)) throw new Error(`EventBridge wants rate(${count} ${unit}${count === '1' ? '' : 's'})`);
  return Number(count) * minutes;
}
