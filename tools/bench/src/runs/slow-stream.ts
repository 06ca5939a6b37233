import { setTimeout as wait } from 'node:timers/promises';
import { runJob, StopError, type Job, type JobStream, type Sink } from '@loadin/pipeline';
import { startAws } from '../aws/aws-server.js';
import { withChild } from '../child.js';
import type { Figure, Report } from '../report.js';
import { interleaved, median, medianRatio } from '../rounds.js';
import { generatedStream, jobOf, jobStreamOf } from './generated.js';
import { openWorld, type World } from './world.js';

const rounds = 11;
const streams = 10;
/** Little work for the processor, and much waiting: what is measured is whether one waits for the other. */
const shape = { slices: 1, pages: 60, records: 20 };
/** Of a batch. A landed group has 20 pages, 400 records: in each a batch becomes full. */
const maxRecords = 380;
const [pagesInGroup, batchesOfSlice] = [20, Math.ceil((shape.pages * shape.records) / maxRecords)];
/** Before each page of a source, and for each batch of a sink. */
const [pageMs, batchMs] = [25, 10];
/** Each stream's source is a little slower than the one before, so that not all of them close their groups at the same moment: then a stream more, slow or not, would show. */
const stepMs = 0.7;
const slower = 50;

/** What the eleventh stream is like. One more stream is work, whatever it is like: the others are held against what they need beside one that is like them. */
type Eleventh = 'like them' | 'slow source' | 'slow sink';

/** From the moment at which the last page of a group was read until a batch that it has filled was acknowledged, milliseconds, of the ten streams. */
type Latencies = readonly number[];

/** What ten streams notice of an eleventh that is 50 times slower, because of its source or of its sink, in the same run. */
export function measureSlowStream(): Promise<Report> {
  return withChild(startAws(), async ({ url }) => {
    const world = await openWorld(url);
    const found: Record<Eleventh, Latencies[]> = { 'like them': [], 'slow source': [], 'slow sink': [] };
    const timed = (eleventh: Eleventh) => async (): Promise<number> => {
      const { latencies, ms } = await runTen(world, eleventh);
      found[eleventh].push(latencies);
      return ms;
    };
    const kinds: Eleventh[] = ['like them', 'slow source', 'slow sink'];
    const ended = await interleaved(
      { 'like them': timed('like them'), 'slow source': timed('slow source'), 'slow sink': timed('slow sink') },
      { rounds, warmUps: 1 },
    );
    world.close();
    // The first of each kind warmed up.
    const each = (eleventh: Eleventh, share: number): readonly number[] => found[eleventh].slice(1).map((latencies) => quantile(latencies, share));
    const figures = kinds.flatMap((eleventh): Figure[] => {
      const [half, most] = [each(eleventh, 0.5), each(eleventh, 0.99)];
      const ratio = {
        what: '  of what they need beside one like them',
        measured: medianRatio(half, each('like them', 0.5)),
        unit: '×',
        digits: 2,
        atMost: 1.1,
      };
      return [
        {
          what: `ten beside ${eleventh === 'like them' ? 'one like them' : `a ${eleventh}`}: a batch, median`,
          measured: median(half),
          unit: 'ms',
          digits: 1,
        },
        ...(eleventh === 'like them' ? [] : [ratio]),
        { what: '  99 of 100 below', measured: median(most), unit: 'ms', digits: 1 },
        { what: '  the ten have ended after', measured: median(ended[eleventh]), unit: 'ms' },
      ];
    });
    return {
      title: `Ten streams of ${shape.slices} × ${shape.pages} pages, medians of ${rounds} interleaved runs; an eleventh ${slower} × slower`,
      figures,
    };
  });
}

async function runTen(world: World, eleventh: Eleventh): Promise<{ readonly latencies: Latencies; readonly ms: number }> {
  const closedAt = new Map<string, number>();
  const latencies: number[] = [];
  const start = performance.now();
  let ms = 0;
  const noted = (sink: Sink): Sink => ({
    name: sink.name,
    limits: { ...sink.limits, maxRecords },
    async write(batch, options) {
      const closed = closedAt.get(`${batch.dataType}${batch.sliceOrdinal}`);
      const result = await sink.write(batch, options);
      if (closed !== undefined) latencies.push(performance.now() - closed);
      ms = performance.now() - start;
      return result;
    },
  });
  const onPage = (records: readonly unknown[]): void => {
    const [slice = '', page] = (records[0] as { readonly id: string }).id.split('_');
    if ((Number(page) + 1) % pagesInGroup === 0) closedAt.set(slice, performance.now());
  };
  const { lake, state } = world;
  const sinkThatTakes = (milliseconds: number): Sink => slowed(world.sinks[0] as Sink, milliseconds);
  const ten = Array.from({ length: streams }, (_, n) =>
    jobStreamOf(generatedStream({ name: `stream${n}x`, ...shape, latencyMs: pageMs + n * stepMs, onPage }), [noted(sinkThatTakes(batchMs))]),
  );
  const stop = new AbortController();
  const running = runJob({ lake, state, job: withEleventh(ten, eleventh, sinkThatTakes), at: world.nextTime(), signal: stop.signal });
  const expected = streams * shape.slices * batchesOfSlice;
  while (latencies.length < expected && !stop.signal.aborted) await Promise.race([wait(20), running.then(() => stop.abort())]);
  stop.abort(new StopError('the ten have ended', { reason: 'cancelled' }));
  await running;
  if (latencies.length < expected) throw new Error(`only ${latencies.length} of ${expected} batches were delivered`);
  return { latencies, ms };
}

/** It goes on for as long as the others do. */
function withEleventh(ten: readonly JobStream[], eleventh: Eleventh, sinkThatTakes: (milliseconds: number) => Sink): Job {
  const latencyMs = eleventh === 'slow source' ? pageMs * slower : pageMs;
  const sink = sinkThatTakes(eleventh === 'slow sink' ? batchMs * slower : batchMs);
  const limits = { ...sink.limits, maxRecords };
  const stream = generatedStream({ name: 'slow', slices: 1, pages: 1_000, records: shape.records, latencyMs });
  return jobOf('slow_stream', [...ten, jobStreamOf(stream, [{ ...sink, limits }])]);
}

/** A real sink that takes longer. */
const slowed = (sink: Sink, milliseconds: number): Sink => ({
  name: sink.name,
  limits: sink.limits,
  async write(batch, options) {
    await wait(milliseconds);
    return sink.write(batch, options);
  },
});

/** The value below which this share of them lies. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
