import { startAws, UNLIMITED } from '../aws/aws-server.js';
import { startChild, withChild } from '../child.js';
import { drift, type MemorySample } from '../memory/drift.js';
import type { Report } from '../report.js';

export interface RunMemorySettings {
  readonly url: string;
  readonly records: number;
  /** Records between looks at memory. */
  readonly every: number;
}

export type RunMemoryLine =
  { readonly sample: MemorySample } | { readonly end: { readonly status: string; readonly seconds: number; readonly delivered: readonly number[] } };

/** As for reading: the space of young objects has a fixed size, so that what is measured is what the run holds on to. */
const nodeArgs = ['--expose-gc', '--max-semi-space-size=4'];
const looks = 20;
/** Until then code is compiled and buffers find their size. */
const warmUpRecords = 100_000;

/** Whether memory stays where it is during a run of five million records (`--full`), or of 400,000. */
export function measureRunMemory(args: readonly string[] = []): Promise<Report> {
  const records = args.includes('--full') ? 5_000_000 : 400_000;
  return withChild(startAws({ shardLimits: UNLIMITED }), async ({ url }) => {
    const settings: RunMemorySettings = { url, records, every: records / looks };
    const file = new URL('./run-memory.child.js', import.meta.url).pathname;
    const child = startChild<RunMemoryLine>(file, { args: [JSON.stringify(settings)], nodeArgs });
    return withChild(child, async (first) => {
      const samples: MemorySample[] = [];
      let line = first;
      for (; 'sample' in line; line = await child.next()) samples.push(line.sample);
      return reportOf(
        samples.filter((sample) => sample.records >= warmUpRecords),
        line.end,
        records,
      );
    });
  });
}

type End = Extract<RunMemoryLine, { end: unknown }>['end'];

function reportOf(samples: readonly MemorySample[], { status, seconds, delivered }: End, records: number): Report {
  const { heapMB = NaN, rssMB = NaN } = samples.at(-1) ?? {};
  const [heap, rss] = [drift(samples, 'heapMB'), drift(samples, 'rssMB')];
  return {
    title: `A run of ${records.toLocaleString('en-US')} records into raw objects and a stream: ${status} in ${Math.round(seconds)} s; memory after a collection`,
    figures: [
      { what: 'delivered by each sink, at least', measured: Math.min(...delivered), unit: 'records', atLeast: records },
      { what: 'heap at the last look', measured: heapMB, unit: 'MB', digits: 1 },
      { what: 'rss at the last look', measured: rssMB, unit: 'MB', digits: 1 },
      { what: 'heap above the first look, at most', measured: heap, unit: 'MB', digits: 1 },
      { what: 'rss above the first look, at most', measured: rss, unit: 'MB', digits: 1 },
      { what: 'drift of both together', measured: heap + rss, unit: 'MB', digits: 1, atMost: 50 },
    ],
  };
}
