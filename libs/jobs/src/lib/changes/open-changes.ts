import type { JobsFile, JobStream } from '@loadin/config';
import { silentLogger, type BatchRecord, type Logger, type ObjectStore } from '@loadin/pipeline';
import { createChangeIndex, dateOf, type ChangeIndex } from './change-index.js';
import { loadChanges, storeChanges } from './change-store.js';

export interface OpenChangesOptions {
  readonly lake: ObjectStore;
  /** The run's scheduled time, ISO 8601. */
  readonly at: string;
  /** The streams whose changes are noted, whatever job reads them. */
  readonly streams: ReadonlySet<string>;
  readonly logger?: Logger;
}

export interface OpenChanges {
  /** What is known of a stream, and where to tell what it brings; `undefined` for a stream that no job refreshes. */
  of(stream: JobStream): Promise<{ readonly changedDays: readonly string[]; readonly see: (record: BatchRecord) => void } | undefined>;
  store(): Promise<void>;
}

const DAY_MS = 24 * 60 * 60 * 1000;

export function openChanges({ lake, at, streams, logger = silentLogger }: OpenChangesOptions): OpenChanges {
  const indexes = new Map<string, ChangeIndex>();
  return {
    async of(stream) {
      if (!streams.has(stream.id)) return undefined;
      const index = createChangeIndex(await loadChanges(lake, stream.id, logger), { at });
      indexes.set(stream.id, index);
      return { changedDays: changedDaysFor(stream, index, at), see: index.see };
    },
    async store() {
      for (const [id, index] of indexes) await storeChanges(lake, id, index.stored(), logger);
    },
  };
}

/** The changed days between the near ones, which are read anyway, and the end of the horizon. */
export function changedDaysFor(stream: JobStream, index: Pick<ChangeIndex, 'changedDays'>, at: string): string[] {
  if (stream.id !== 'ticketmaster.events' || stream.options.refresh === undefined) return [];
  const { horizon_days, refresh } = stream.options;
  const inDays = (days: number): string => dateOf(Date.parse(at) + days * DAY_MS);
  return index.changedDays({ after: inDays(refresh.near_days), until: inDays(horizon_days) });
}

/** The streams that some job of the file refreshes: then every job that reads them notes what has changed. */
export function refreshedStreams({ jobs }: JobsFile): ReadonlySet<string> {
  const all = [...jobs.values()].flatMap(({ streams }) => streams);
  return new Set(all.flatMap((stream) => ('refresh' in stream.options && stream.options.refresh !== undefined ? [stream.id] : [])));
}
