import { setTimeout as wait } from 'node:timers/promises';
import { runJob, StopError, type Job, type Sink } from '@loadin/pipeline';
import { startAws } from '../aws/aws-server.js';
import { withChild } from '../child.js';
import type { Figure, Report } from '../report.js';
import { interleaved, median } from '../rounds.js';
import { generatedStream, jobOf, jobStreamOf } from './generated.js';
import { openWorld, type World } from './world.js';

const rounds = 7;
const streams = 10;
const shape = { slices: 2, pages: 30, records: 100 };
/** Before each page of a source, and for each batch of a sink. */
const [pageMs, batchMs] = [6, 4];
const slower = 50;

type Eleventh = 'none' | 'slow source' | 'slow sink';

/** From the moment at which the first record of a batch was read until all of it was acknowledged, milliseconds, of the ten streams. */
type Latencies = readonly number[];

/** What ten streams notice of an eleventh that is 50 times slower, because of its source or of its sink, in the same run. */
export function measureSlowStream(): Promise<Report> {
  return withChild(startAws(), async ({ url }) => {
    const world = await openWorld(url);
    const found: Record<Eleventh, Latencies[]> = { none: [], 'slow source': [], 'slow sink': [] };
    const timed = (eleventh: Eleventh) => async (): Promise<number> => {
      const { latencies, ms } = await runTen(world, eleventh);
      found[eleventh].push(latencies);
      return ms;
    };
    const kinds: Eleventh[] = ['none', 'slow source', 'slow sink'];
    const ended = await interleaved(
      { none: timed('none'), 'slow source': timed('slow source'), 'slow sink': timed('slow sink') },
      { rounds, warmUps: 1 },
    );
    world.close();
    // The first of each kind warmed up.
    const at = (eleventh: Eleventh, share: number): number => median(found[eleventh].slice(1).map((latencies) => quantile(latencies, share)));
    const figures = kinds.flatMap((eleventh): Figure[] => {
      const name = eleventh === 'none' ? 'ten streams' : `beside a ${eleventh}`;
      const against = (share: number, most: number): Partial<Figure> => (eleventh === 'none' ? {} : { atMost: most * at('none', share) });
      return [
        { what: `${name}: a batch, median`, measured: at(eleventh, 0.5), unit: 'ms', digits: 1, ...against(0.5, 1.1) },
        { what: '  99 of 100 below', measured: at(eleventh, 0.99), unit: 'ms', digits: 1, ...against(0.99, 1.25) },
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
  const readAt = new Map<string, number>();
  const latencies: number[] = [];
  const start = performance.now();
  let ms = 0;
  const noted = (sink: Sink): Sink => ({
    name: sink.name,
    limits: { ...sink.limits, maxRecords: shape.records },
    async write(batch, options) {
      const result = await sink.write(batch, options);
      const read = readAt.get(batch.records[0]?.id ?? '');
      if (read !== undefined) latencies.push(performance.now() - read);
      ms = performance.now() - start;
      return result;
    },
  });
  const onPage = (records: readonly unknown[]): void => void readAt.set(`bench_${(records[0] as { readonly id: string }).id}`, performance.now());
  const { lake, state } = world;
  const sinkThatTakes = (milliseconds: number): Sink => slowed(world.sinks[0] as Sink, milliseconds);
  const ten = Array.from({ length: streams }, (_, n) =>
    jobStreamOf(generatedStream({ name: `stream${n}x`, ...shape, latencyMs: pageMs, onPage }), [noted(sinkThatTakes(batchMs))]),
  );
  const stop = new AbortController();
  const running = runJob({ lake, state, job: withEleventh(ten, eleventh, sinkThatTakes), at: world.nextTime(), signal: stop.signal });
  const expected = streams * shape.slices * shape.pages;
  while (latencies.length < expected && !stop.signal.aborted) await Promise.race([wait(20), running.then(() => stop.abort())]);
  stop.abort(new StopError('the ten have ended', { reason: 'cancelled' }));
  await running;
  if (latencies.length < expected) throw new Error(`only ${latencies.length} of ${expected} batches were delivered`);
  return { latencies, ms };
}

/** It goes on for as long as the others do. */
function withEleventh(ten: Job['streams'], eleventh: Eleventh, sinkThatTakes: (milliseconds: number) => Sink): Job {
  if (eleventh === 'none') return jobOf('slow_stream', ten);
  const latencyMs = eleventh === 'slow source' ? pageMs * slower : pageMs;
  const sink = sinkThatTakes(eleventh === 'slow sink' ? batchMs * slower : batchMs);
  const limits = { ...sink.limits, maxRecords: shape.records };
  const stream = generatedStream({ name: 'slow', slices: 4, pages: 1_000, records: shape.records, latencyMs });
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
