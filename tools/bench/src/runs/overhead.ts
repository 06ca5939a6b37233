import { createMeter, silentLogger } from '@loadin/observability';
import { ingestionId, recordHash, runJob, type BatchRecord, type Job, type JobStream, type RunReport, type Sink } from '@loadin/pipeline';
import { startAws, UNLIMITED } from '../aws/aws-server.js';
import { startChild, withChild } from '../child.js';
import { apiKey, limitedEvents, pageServer, unlimitedEvents, type PageServer } from '../pages/event-source.js';
import type { Figure, Report } from '../report.js';
import { interleaved, median, medianRatio } from '../rounds.js';
import { generatedStream, jobOf, jobStreamOf } from './generated.js';
import { eventsInJob, httpEvents } from './http-events.js';
import { openWorld, type World } from './world.js';

const concurrency = 4;
const LATENCIES = [0, 20];

/** Where a run reads from: two streams of it. */
interface Source {
  readonly what: string;
  readonly rounds: number;
  readonly shape: { readonly slices: number; readonly pages: number; readonly records: number };
  /** Most of the time that plan, landing, checkpoints and leases may add, %. Default: shown without a budget. */
  readonly atMost?: number;
  /** Opens it for one measurement. */
  open(latencyMs: number, use: (jobStream: (name: string, sinks: readonly Sink[]) => JobStream) => Promise<Figure[]>): Promise<Figure[]>;
}

const generated = { slices: 8, pages: 25, records: 200 };

const SOURCES: readonly Source[] = [
  overHttp({ what: '20 requests/s', source: limitedEvents, rounds: 3, shape: { slices: 4, pages: 25, records: 200 }, atMost: 10 }),
  overHttp({ what: 'no limit', source: unlimitedEvents, rounds: 3, shape: { slices: 8, pages: 25, records: 200 } }),
  {
    what: 'no source',
    rounds: 3,
    shape: generated,
    open: (latencyMs, use) => use((name, sinks) => jobStreamOf(generatedStream({ name, ...generated, latencyMs }), sinks)),
  },
];

function overHttp({ source, ...about }: Omit<Source, 'open'> & { readonly source: typeof limitedEvents }): Source {
  const { slices, pages, records } = about.shape;
  return {
    ...about,
    open: (latencyMs, use) =>
      withChild(startChild<PageServer>(pageServer, { args: [String(records), String(latencyMs)] }), async ({ url }) => {
        const client = source.connect({ baseUrl: url, apiKey });
        return use((name, sinks) => eventsInJob(httpEvents({ client, name, slices, pages }), sinks));
      }),
  };
}

/** What plan, landing, checkpoints and leases add to a run's time: by the run's own account, and against a bare loop over the same streams and sinks. */
export async function measureOverhead(): Promise<Report> {
  const figures: Figure[] = [];
  for (const source of SOURCES) {
    for (const latencyMs of LATENCIES) {
      const measured = await withChild(startAws({ shardLimits: UNLIMITED, latencyMs }), async ({ url }) => {
        const world = await openWorld(url);
        const found = await source.open(latencyMs, (jobStream) => measureAt(`${source.what}, ${latencyMs} ms`, source, world, jobStream));
        world.close();
        return found;
      });
      figures.push(...measured);
    }
  }
  return { title: 'Runs of two streams into raw objects and a stream, 4 slices of each at once, medians of interleaved runs', figures };
}

async function measureAt(
  name: string,
  { rounds, atMost }: Source,
  world: World,
  jobStream: (name: string, sinks: readonly Sink[]) => JobStream,
): Promise<Figure[]> {
  const job = (): Job<JobStream> =>
    jobOf(
      'overhead',
      ['artists', 'venues'].map((stream) => jobStream(stream, world.sinks)),
    );
  const reports: RunReport[] = [];
  const cpu: Record<'bare' | 'run', number[]> = { bare: [], run: [] };
  const timed = (kind: keyof typeof cpu, work: () => Promise<void>) => async (): Promise<number> => {
    const [start, before] = [performance.now(), process.cpuUsage()];
    await work();
    const { user, system } = process.cpuUsage(before);
    cpu[kind].push((user + system) / 1_000);
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
  const above = 100 * (medianRatio(measured.run, measured.bare) - 1);
  const processorTime = medianRatio(cpu.run.slice(1), cpu.bare.slice(1));
  return [
    { what: `${name}: a bare loop`, measured: median(measured.bare), unit: 'ms' },
    { what: `${name}: the run`, measured: median(measured.run), unit: 'ms' },
    { what: '  above the bare loop', measured: above, unit: '%', digits: 1, ...(atMost === undefined ? {} : { atMost }) },
    { what: '  processor time, of the bare loop', measured: processorTime, unit: '×', digits: 2 },
    { what: '  its own account: planning, finishing', measured: median(own.map(({ ends }) => ends)), unit: 'ms' },
    { what: '    landing, progress, leases, in each slot', measured: median(own.map(({ between }) => between)), unit: 'ms' },
  ];
}

interface OwnAccount {
  /** Before the first slice and after the last, milliseconds. */
  readonly ends: number;
  /** What slices waited for beside source and sinks, shared by those that ran side by side; part of it goes on while others work. */
  readonly between: number;
}

function ownAccount({ time }: RunReport): OwnAccount {
  if (time === undefined) throw new Error('the report does not say what the run waited for');
  const { planning_ms, finishing_ms, landing_ms, progress_ms, lease_ms } = time;
  return { ends: planning_ms + finishing_ms, between: (landing_ms + progress_ms + lease_ms) / (2 * concurrency) };
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
              if (!parsed.ok) throw new Error('a synthetic record was rejected');
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
