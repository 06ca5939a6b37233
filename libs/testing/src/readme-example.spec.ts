import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sink } from '@loadin/pipeline';
import { silentLogger, silentMeter } from '@loadin/pipeline';
import { readmeDifferences } from '@loadin/specs/readme';
import {
  batchOf,
  createManualClock,
  loaderChecks,
  objectStoreChecks,
  recordsOf,
  replacingChecks,
  sinkChecks,
  stateStoreChecks,
  streamChecks,
  underSeeds,
  withFaults,
  type StoredRecord,
} from './index.js';

describe('the example of the README', () => {
  it('works as printed', async () => {
    const lines: unknown[] = [];
    const console = { log: (...values: unknown[]) => lines.push(...values) };

    // example
    const makeSink = async () => {
      const stored = new Map<string, StoredRecord>();
      const sink: Sink = {
        name: 'mine',
        limits: { maxRecords: 1_000, maxBytes: 1_000_000 },
        async write({ records }, { signal, meter }) {
          signal.throwIfAborted();
          for (const { id, value } of records) stored.set(id, { id, record: value });
          meter.add('requests', 1);
          meter.add('bytes_written', records.length);
          return { acks: records.map(() => ({ status: 'delivered' })), objects: [] };
        },
      };
      return { sink, readBack: async () => [...stored.values()] };
    };
    for (const { run } of sinkChecks(makeSink)) await run(); // or in Jest: it.each(sinkChecks(makeSink))('$name', ({ run }) => run());

    await underSeeds({ count: 10 }, async ({ faults }) => {
      const { sink, readBack } = await makeSink();
      const faulty = withFaults(sink, faults({ rates: { error: 0.3, 'lost-answer': 0.3 } }));
      const options = { signal: new AbortController().signal, meter: silentMeter, logger: silentLogger };
      while (!(await faulty.write(batchOf(recordsOf(25)), options).catch(() => undefined)));
      if ((await readBack()).length !== 25) throw new Error('a record is missing'); // the error names the seed and what had happened
    });

    const clock = createManualClock(Date.UTC(2024, 10, 8, 12));
    await clock.sleep(86_400_000); // returns at once, a day later
    console.log(new Date(clock.now()).toISOString());
    // end

    expect(lines).toEqual(['2024-11-09T12:00:00.000Z']);
  });

  it('is what was just run', () => {
    expect(readmeDifferences(__filename)).toEqual([]);
  });
});

describe('the README', () => {
  const never = async (): Promise<never> => {
    throw new Error('no check is run here');
  };
  const service = (): void => undefined;
  const faults = ['error', 'lost-answer', 'throttle', 'hang', 'partial'] as const;

  it.each([
    ['streamChecks', streamChecks(never)],
    ['sinkChecks', sinkChecks(never, { ordered: true, oversizeBytes: 1, faults })],
    ['replacingChecks', replacingChecks(never)],
    ['loaderChecks', loaderChecks(never)],
    ['stateStoreChecks', stateStoreChecks(never, { service })],
    ['objectStoreChecks', objectStoreChecks(never, { service })],
  ])('lists every check of %s, and no other', (kit, checks) => {
    const [, section = ''] = readFileSync(join(__dirname, '../README.md'), 'utf8').split(`\n### \`${kit}\`\n`);
    const listed = (section.split(/\n##+ /)[0] ?? '').split('\n').flatMap((line) => (line.startsWith('- ') ? [line.slice(2)] : []));
    expect(listed.sort()).toEqual(checks.map(({ name }) => name).sort());
  });
});
