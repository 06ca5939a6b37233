import { startChild, withChild } from '../child.js';
import { pageServer, type PageServer } from '../pages/event-source.js';
import type { Report } from '../report.js';
import { drift, type MemorySample } from './drift.js';

const pages = 10_000;
const every = 1_000;
/** 30 kB a page. */
const eventsInPage = 20;
/**
 * V8 lets the space of young objects grow with the rate of allocation, whatever is kept, and the system sees that as memory in use: with a fixed
 * size of it, what is measured is what the reader holds on to.
 */
const nodeArgs = ['--expose-gc', '--max-semi-space-size=4'];
const reader = new URL('./reader.child.js', import.meta.url).pathname;

/** Whether memory stays where it is while a client reads and normalizes ten thousand pages. */
export function measureMemory(): Promise<Report> {
  return withChild(startChild<PageServer>(pageServer, { args: [String(eventsInPage)] }), async ({ url, bytes }) => {
    const child = startChild<MemorySample>(reader, { args: [url, String(pages), String(every)], nodeArgs });
    const samples = await withChild(child, async (first) => {
      const all = [first];
      while (all.length < pages / every) all.push(await child.next());
      return all;
    });
    const { heapMB = NaN, rssMB = NaN, records = NaN } = samples.at(-1) ?? {};
    const [heapDrift, rssDrift] = [drift(samples, 'heapMB'), drift(samples, 'rssMB')];
    return {
      title: `Memory after a collection, every ${every} of ${pages} pages of ${Math.round(bytes / 1_000)} kB, ${records} records normalized`,
      figures: [
        { what: 'heap at the end', measured: heapMB, unit: 'MB', digits: 1 },
        { what: 'rss at the end', measured: rssMB, unit: 'MB', digits: 1 },
        { what: 'heap above the first sample, at most', measured: heapDrift, unit: 'MB', digits: 1 },
        { what: 'rss above the first sample, at most', measured: rssDrift, unit: 'MB', digits: 1 },
        { what: 'drift of both together', measured: heapDrift + rssDrift, unit: 'MB', digits: 1, atMost: 30 },
      ],
    };
  });
}
