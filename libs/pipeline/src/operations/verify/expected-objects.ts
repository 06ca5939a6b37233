import { readReplayedRun, type ReplayedStream } from '../../replay/replay-report.js';
import { REPLAYS } from '../../replay/survey-store.js';
import type { Ledger } from '../../report/ledger.js';
import type { RunReport, StreamReport } from '../../report/report.js';
import type { WrittenObject } from '../../ports/sink.js';
import { retriedObjects } from '../letters/manifest.js';
import type { Stores } from '../stores.js';

/** What should lie in the lake for one stream of a run, by what was reported last. */
export interface ExpectedStream {
  readonly stream: StreamReport;
  /** Of the delivery that the objects come from. */
  readonly ledger: Ledger;
  /** By uri. */
  readonly objects: ReadonlyMap<string, WrittenObject>;
  /** Those of them that the delivery itself wrote; the others were written by retries of dead letters. */
  readonly reported: ReadonlySet<string>;
  /** It was delivered again since: the stream may hold earlier versions of its records. */
  readonly replayed: boolean;
  readonly notes: readonly string[];
}

/** The report's streams as replays have left them. */
export async function expectedStreams(stores: Stores, report: RunReport, only?: string): Promise<ExpectedStream[]> {
  const replays = await replaysOf(stores, report);
  const wanted = report.streams.filter(({ stream, status }) => (only === undefined || stream === only) && status !== 'not_started');
  const expected: ExpectedStream[] = [];
  for (const stream of wanted) expected.push(await expectedStream(stores, report, stream, replays));
  return expected;
}

async function expectedStream(
  { lake, state }: Stores,
  { job, run_id: runId }: RunReport,
  stream: StreamReport,
  replays: readonly ReplayedStream[],
): Promise<ExpectedStream> {
  const own = replays.filter((replay) => replay.stream === stream.stream).sort((a, b) => a.replay.number - b.replay.number);
  const lastComplete = own.map(({ status }) => status).lastIndexOf('complete');
  // A complete replay has looked at every part; one that has not ended has changed some.
  const base = own[lastComplete] ?? stream;
  const objects = new Map(base.objects.map((object) => [object.uri, object]));
  for (const { objects: changed } of own.slice(lastComplete + 1)) for (const object of changed) objects.set(object.uri, object);
  const item = await state.get(`replayed/${runId}/${stream.stream}`);
  const unfinished = item?.value['status'] === 'running';
  const notes: string[] = unfinished
    ? ['a replay of it has begun and has not ended: what it has changed counts as different until it is run again']
    : [];
  const reported = new Set(objects.keys());
  const retries = await retriedObjects(lake, state, { job, runId, stream: stream.stream });
  // A replay that came later has taken the retried records into the run's own objects.
  for (const object of retries.objects) if (!objects.has(object.uri)) objects.set(object.uri, object);
  if (retries.unfinished)
    notes.push('a retry of its dead letters has begun and has not ended: what it has delivered so far may count as different until it is run again');
  return { stream, ledger: base.ledger, objects, reported, replayed: item !== undefined, notes };
}

async function replaysOf({ lake }: Stores, { job, run_id: runId }: RunReport): Promise<ReplayedStream[]> {
  const prefix = `${REPLAYS}${job}/${runId}/`;
  const found: ReplayedStream[] = [];
  for await (const { key } of lake.list(prefix)) {
    const [, replayId] = /^([^/]+)\.json$/.exec(key.slice(prefix.length)) ?? [];
    if (replayId !== undefined) found.push(...((await readReplayedRun(lake, job, runId, replayId))?.streams ?? []));
  }
  return found;
}
