import { createManualClock } from '@loadin/testing';
import { replayRuns, type JobStream, type Json, type Parsed, type ReplayReport, type Sink, type VerifiedRun } from '../../index.js';
import { artists, createListStream, toArtist } from '../../runs/list-stream.fixture.js';
import { AT } from '../../runs/run.fixture.js';
import { createVerifyWorld, NOW, type VerifyWorldOptions } from '../verify/verify.fixture.js';
import { verifyRuns } from '../verify/verify-runs.js';
import { findLetters } from './find-letters.js';
import { retryLetters } from './retry.js';
import type { LetterSelection, OpenLetter, RetryContext, RetryReport } from './types.js';
import type { Stores } from '../stores.js';

/** A newer transform: it gives a name to those that have none. */
export const mended = (raw: Json): Parsed => {
  const [parsed, id] = [toArtist(raw), (raw as { id?: string }).id];
  return parsed.ok || id === undefined ? parsed : { ok: true, id: `spotify_${id}`, record: { artist_id: `spotify_${id}`, name: 'nameless' } };
};

const SLICES: Json[][][] = [
  [artists(0, 5), [{ id: 'x0' }, { id: 'x1' }, {}]],
  [artists(10, 2), [{ id: 'x2' }]],
];

/** Everything that can be delivered of them, by id. */
export const ALL = [...[0, 1, 2, 3, 4, 10, 11].map((n) => `spotify_a${n}`), 'spotify_x0', 'spotify_x1', 'spotify_x2'].sort();

export interface LettersWorldOptions extends VerifyWorldOptions {
  readonly slices?: Json[][][];
  readonly transform?: JobStream['transform'];
}

/** What another process has of its own: between it and the stores, and the sinks. */
export interface OtherProcess {
  readonly stores?: Stores;
  readonly sink?: (sink: Sink) => Sink;
}

/** A world in which a run is complete that has left dead letters. */
export async function createLettersWorld(options: LettersWorldOptions = {}) {
  const world = createVerifyWorld(options);
  const clock = createManualClock(NOW);
  const stream = createListStream({ slices: options.slices ?? SLICES });
  const report = await world.run(stream, options.transform);
  const sinks = { s3_raw: world.raw, kinesis: world.kinesis };
  const list = async (selection: LetterSelection = {}): Promise<OpenLetter[]> => {
    const letters: OpenLetter[] = [];
    for await (const letter of findLetters(world, selection)) letters.push(letter);
    return letters;
  };
  const contextOf = ({ sink: wrap = (sink: Sink) => sink }: OtherProcess = {}): RetryContext => ({
    transformOf: () => mended,
    sinkOf: async (name) => {
      const sink = sinks[name as keyof typeof sinks];
      return sink && wrap(sink);
    },
    idOf: world.context().idOf,
    rawPrefix: world.context().rawPrefix,
    clock,
  });
  const retry = (selection: LetterSelection = {}, more: Partial<RetryContext> = {}): Promise<RetryReport> =>
    retryLetters(world, selection, { ...contextOf(), ...more });
  /** The same by another process. */
  const retryBy = (process: OtherProcess, selection: LetterSelection = {}, more: Partial<RetryContext> = {}): Promise<RetryReport> =>
    retryLetters(process.stores ?? world, selection, { ...contextOf(process), ...more });
  const replay = ({ stores = world, sink = (one: Sink) => one }: OtherProcess = {}): Promise<ReplayReport> => {
    const jobStream = { stream, transform: mended, sinks: [world.raw, world.kinesis].map(sink), schemaVersion: '1', maxRejected: 1 };
    return replayRuns({ from: AT, to: AT, lake: stores.lake, state: stores.state, clock, streamOf: async () => jobStream });
  };
  const verified = async (): Promise<VerifiedRun | undefined> => {
    for await (const run of verifyRuns(world, {}, world.context())) return run;
    return undefined;
  };
  /** What readers of the lake see: each record once for each time that it is there. */
  const inLake = (): string[] =>
    [...world.lake.objects.keys()]
      .filter((key) => key.startsWith('raw/'))
      .flatMap((key) => (JSON.parse(world.lake.text(key)) as { records: { artist_id: string }[] }).records.map((record) => record.artist_id))
      .sort();
  /** What was sent to the stream, each text once. */
  const textsOnStream = (): Set<string> => new Set(world.entries.map(({ data }) => Buffer.from(data).toString()));
  return { ...world, clock, stream, report, list, retry, retryBy, replay, verified, inLake, textsOnStream };
}
