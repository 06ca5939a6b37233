import { createMeter, silentLogger } from '@loadin/observability';
import { ingestionId, recordHash, runJob, type BatchRecord, type Job, type JobStream, type RunReport, type Sink } from '@loadin/pipeline';
import { startAws, UNLIMITED } from '../aws/aws-server.js';
import { withChild } from '../child.js';
import type { Figure, Report } from '../report.js';
import { interleaved, median, medianRatio } from '../rounds.js';
import { generatedStream, jobOf, jobStreamOf } from './generated.js';
import { openWorld, type World } from './world.js';

const rounds = 5;
const concurrency = 4;
const LATENCIES = [0, 20];
const shape = { slices: 8, pages: 25, records: 200 };

/** What plan, landing, checkpoints and leases add to a run's time: by the run's own account, and against a bare loop over the same streams and sinks. */
export async function measureOverhead(): Promise<Report> {
  const figures: Figure[] = [];
  for (const latencyMs of LATENCIES) {
    figures.push(
      ...(await withChild(startAws({ shardLimits: UNLIMITED, latencyMs }), async ({ url }) => {
        const world = await openWorld(url);
        const found = await measureAt(latencyMs, world);
        world.close();
        return found;
      })),
    );
  }
  const records = 2 * shape.slices * shape.pages * shape.records;
  return {
    title: `Runs of ${records.toLocaleString('en-US')} records of two streams into raw objects and a stream, medians of ${rounds} interleaved runs`,
    figures,
  };
}

async function measureAt(latencyMs: number, world: World): Promise<Figure[]> {
  const job = (): Job<JobStream> =>
    jobOf(
      'overhead',
      ['artists', 'venues'].map((name) => jobStreamOf(generatedStream({ name, ...shape, latencyMs }), world.sinks)),
    );
  const reports: RunReport[] = [];
  const cpu: Record<'bare' | 'run', number[]> = { bare: [], run: [] };
  const timed = (name: keyof typeof cpu, work: () => Promise<void>) => async (): Promise<number> => {
    const [start, before] = [performance.now(), process.cpuUsage()];
    await work();
    const { user, system } = process.cpuUsage(before);
    cpu[name].push((user + system) / 1_000);
    return performance.now() - start;
  };
  const run = timed('run', async () => {
    const report = await runJob({ ...world, job: job(), at: world.nextTime(), concurrency });
    if (report.status !== 'complete') throw new Error(`the run is ${report.status}: ${report.problems.join('; ')}`);
    reports.push(report);
  });
  const bare = timed('bare', () => bareLoop(job(), world));
  const measured = await interleaved({ bare, run }, { rounds, warmUps: 1 });
  const own = reports.slice(1).map(ownAccount);
  const name = `${latencyMs} ms`;
  const processorTime = medianRatio(cpu.run.slice(1), cpu.bare.slice(1));
  return [
    { what: `${name}: a bare loop`, measured: median(measured.bare), unit: 'ms' },
    { what: `${name}: the run`, measured: median(measured.run), unit: 'ms' },
    { what: '  above the bare loop', measured: 100 * (medianRatio(measured.run, measured.bare) - 1), unit: '%', digits: 1, atMost: 10 },
    { what: '  processor time, of the bare loop', measured: processorTime, unit: '×', digits: 2 },
    { what: '  its own account: planning, finishing', measured: median(own.map(({ ends }) => ends)), unit: 'ms' },
    { what: '    landing, progress, leases, in each slot', measured: median(own.map(({ between }) => between)), unit: 'ms' },
    { what: '    both, of the run without them', measured: median(own.map(({ percent }) => percent)), unit: '%', digits: 1 },
  ];
}

interface OwnAccount {
  /** Before the first slice and after the last, milliseconds. */
  readonly ends: number;
  /** What slices waited for beside source and sinks, shared by those that ran side by side. */
  readonly between: number;
  /** Of what the run would have taken without. */
  readonly percent: number;
}

function ownAccount({ duration_ms, time }: RunReport): OwnAccount {
  if (time === undefined) throw new Error('the report does not say what the run waited for');
  const { planning_ms, finishing_ms, landing_ms, progress_ms, lease_ms } = time;
  const ends = planning_ms + finishing_ms;
  const between = (landing_ms + progress_ms + lease_ms) / (2 * concurrency);
  return { ends, between, percent: (100 * (ends + between)) / (duration_ms - ends - between) };
}

/** The same pages, transforms, hashes, batches and sinks, as many slices at once; nothing planned, landed, saved or held. */
async function bareLoop(job: Job<JobStream>, world: World): Promise<void> {
  const second = world.nextTime();
  const runId = '6f1c2a34-0f5b-5d0e-9d59-0d3c6c1f2b11';
  await Promise.all(
    job.streams.map(async ({ stream, transform, sinks }) => {
      const slices = [...stream.plan({ scheduledTime: second })];
      const options = { signal: new AbortController().signal, meter: createMeter(), logger: silentLogger };
      const address = { runId, ingestionId: ingestionId(runId, stream.id), source: stream.source, dataType: stream.dataType, second, rejected: 0 };
      const worker = async (): Promise<void> => {
        for (let slice = slices.shift(); slice !== undefined; slice = slices.shift()) {
          const { ordinal: sliceOrdinal } = slice;
          const write = async (part: number, records: readonly BatchRecord[]): Promise<void> =>
            void (await Promise.all(sinks.map((sink) => delivered(sink, () => sink.write({ ...address, sliceOrdinal, part, records }, options)))));
          let [part, batch]: [number, BatchRecord[]] = [0, []];
          const read = { after: null, ...options, landed: nothing };
          for await (const page of stream.read(slice, read)) {
            for (const raw of page.records) {
              const parsed = transform(raw);
              if (!parsed.ok) throw new Error('a generated record was rejected');
              if (batch.length === 5_000) {
                await write(part, batch);
                [part, batch] = [part + 1, []];
              }
              batch.push({ id: parsed.id, value: parsed.record, json: JSON.stringify(parsed.record), hash: recordHash(parsed.record) });
            }
          }
          await write(part, batch);
        }
      };
      await Promise.all(Array.from({ length: concurrency }, worker));
    }),
  );
}

async function delivered({ name }: Sink, write: () => ReturnType<Sink['write']>): Promise<void> {
  const { acks } = await write();
  if (!acks.every(({ status }) => status === 'delivered')) throw new Error(`${name} has not taken a record`);
}

async function* nothing(): AsyncGenerator<never> {
  // streams that read nothing of another
}
