import type { MemorySample } from './drift.js';

/** What is held after a collection. Throws when Node was started without `--expose-gc`. */
export function sampleMemory(pages: number, records: number): MemorySample {
  const { gc } = globalThis as { gc?: () => void };
  if (gc === undefined) throw new Error('start it with --expose-gc');
  gc();
  gc(); // what finalizers have let go of
  const { heapUsed, external, rss } = process.memoryUsage();
  return { pages, records, heapMB: (heapUsed + external) / 1e6, rssMB: rss / 1e6 };
}
