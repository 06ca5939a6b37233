import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openJournal } from '../journal.js';
import { openShards } from './resharding.js';
import { openShardLog, removeShardLog } from './shard-log.js';
import { throughputWindow } from './throughput.js';
import type { KinesisLimits, Shard, ShardState, Stream, StreamEntry, StreamState } from './types.js';

/** The streams by name. State lies in a journal, records in a folder per stream and shard. */
export interface StreamStore {
  get(name: string): Stream | undefined;
  byId(id: string): Stream | undefined;
  /** In the order of their names. */
  all(): readonly Stream[];
  /** Resolves when the state is on disk; only then the running stream follows it. */
  save(state: StreamState): Promise<Stream>;
  /** Closes and makes shards while writers wait; `change` sees how many records each shard has in the end. */
  reshard(stream: Stream, change: (recordsOf: (id: string) => number) => StreamState): Promise<void>;
  remove(stream: Stream): Promise<void>;
  close(): Promise<void>;
}

const HOUR = 3_600_000;

/** A closed shard is listed and read until its last record is past retention (from then on AWS calls it expired). */
export const isExpired = (shard: ShardState, retentionHours: number, now: number): boolean =>
  shard.closed !== undefined && shard.closed < now - retentionHours * HOUR;

export const horizonOf = (state: StreamState, now: number): number => now - state.retentionHours * HOUR;

export async function openStreamStore(dataDir: string, limits: KinesisLimits, now: number): Promise<StreamStore> {
  const folder = join(dataDir, 'kinesis');
  await mkdir(folder, { recursive: true });
  const { entries, journal } = await openJournal<StreamEntry>(join(folder, 'journal.ndjson'));
  const streams = new Map<string, Stream>();
  for (const state of currentStates(entries, now)) streams.set(state.name, await materialize(folder, limits, state));
  await removeOrphans(folder, [...streams.values()]);
  if (entries.length > streams.size * 2) await journal.compact([...streams.values()].map(({ state }) => ({ put: state })));

  const save = async (state: StreamState): Promise<Stream> => {
    await journal.append({ put: state });
    const known = streams.get(state.name);
    const stream = await materialize(folder, limits, state, known);
    if (!known) streams.set(state.name, stream);
    return stream;
  };

  return {
    get: (name) => streams.get(name),
    byId: (id) => [...streams.values()].find(({ state }) => state.id === id),
    all: () => [...streams.values()].sort((a, b) => (a.state.name < b.state.name ? -1 : 1)),
    save,
    async reshard(stream, change) {
      let release = (): void => undefined;
      stream.resharding = new Promise((resolve) => (release = resolve));
      try {
        await Promise.all(stream.open.map(({ log }) => log.flushed()));
        await save(change((id) => (stream.shards.get(id)?.log.next() ?? 1) - 1));
      } finally {
        stream.resharding = undefined;
        release();
      }
    },
    async remove(stream) {
      await journal.append({ remove: stream.state.name });
      streams.delete(stream.state.name);
      await closeLogs(stream);
      await removeShardLog(join(folder, stream.state.id));
    },
    async close() {
      for (const stream of streams.values()) await closeLogs(stream);
      await journal.close();
    },
  };
}

function currentStates(entries: readonly StreamEntry[], now: number): StreamState[] {
  const states = new Map<string, StreamState>();
  for (const entry of entries) {
    if ('put' in entry) states.set(entry.put.name, entry.put);
    else states.delete(entry.remove);
  }
  return [...states.values()].map((state) => ({
    ...state,
    shards: state.shards.filter((shard) => !isExpired(shard, state.retentionHours, now)),
  }));
}

async function materialize(folder: string, limits: KinesisLimits, state: StreamState, stream?: Stream): Promise<Stream> {
  const shards = new Map<string, Shard>();
  for (const shard of state.shards) {
    const known = stream?.shards.get(shard.id);
    shards.set(shard.id, known ? { ...known, state: shard } : await openShard(join(folder, state.id, shard.id), limits, shard));
  }
  const open = openShards(state.shards).flatMap(({ id }) => shards.get(id) ?? []);
  // The same object lives on: a writer that waits for the resharding holds it.
  return Object.assign(stream ?? { state, shards, open }, { state, shards, open });
}

async function openShard(folder: string, limits: KinesisLimits, state: ShardState): Promise<Shard> {
  return {
    state,
    log: await openShardLog(folder),
    writes: throughputWindow(limits.recordsPerShardSecond, limits.bytesPerShardSecond),
    reads: throughputWindow(limits.readsPerShardSecond, limits.readBytesPerShardSecond),
  };
}

/** Folders of streams and shards that are gone, left by a crash between the journal and the deletion or by expiry. */
async function removeOrphans(folder: string, streams: readonly Stream[]): Promise<void> {
  const known = new Map(streams.map((stream) => [stream.state.id, stream]));
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const stream = known.get(entry.name);
    if (!stream) {
      await removeShardLog(join(folder, entry.name));
      continue;
    }
    for (const shard of await readdir(join(folder, entry.name))) {
      if (!stream.shards.has(shard)) await removeShardLog(join(folder, entry.name, shard));
    }
  }
}

async function closeLogs(stream: Stream): Promise<void> {
  for (const { log } of stream.shards.values()) await log.close();
}
