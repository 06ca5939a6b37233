import type { BatchRecord } from '@loadin/pipeline';

/** What a run learnt of the days of a stream's records. It is advice: without it nothing is lost, and nothing is known. */
export interface ChangeIndex {
  /** Compares an accepted record with what was known of it. */
  see(record: BatchRecord): void;
  /** Days (`YYYY-MM-DD`, the venue's calendar) on which something changed lately, those with the most changes, in order. */
  changedDays(range: { readonly after: string; readonly until: string }): string[];
  /** What is to be stored: without days that are over, and not more than fits. */
  stored(): StoredChanges;
}

export interface StoredChanges {
  readonly version: 1;
  /** The scheduled time of the run that stored it. */
  readonly updated: string;
  readonly days: Readonly<Record<string, StoredDay>>;
}

export interface StoredDay {
  /** When something of this day was last seen changed; absent: never. */
  readonly changed?: string;
  /** How many records had changed then. */
  readonly changes?: number;
  /** The first 8 digits of the record hash, by entity id. */
  readonly records: Readonly<Record<string, string>>;
}

export interface ChangeIndexOptions {
  /** The run's scheduled time, ISO 8601. */
  readonly at: string;
  /** Default 300,000 records, some 10 MB of JSON: all that the source has. The days farthest ahead are forgotten first. */
  readonly maxRecords?: number;
}

/** A change is news for a day: by then a refresh has read everything once more. */
const LATELY_MS = 24 * 60 * 60 * 1000;
/** More days would be read by every run than a refresh saves. */
const MOST_CHANGED_DAYS = 14;
/** Days that are over in every zone. */
const PAST_DAYS = 2;
const HASH_DIGITS = 8;

interface Day {
  changed: string | undefined;
  changes: number;
  readonly records: Map<string, string>;
}

export function createChangeIndex(known: StoredChanges | undefined, { at, maxRecords = 300_000 }: ChangeIndexOptions): ChangeIndex {
  const days = new Map<string, Day>();
  const dayOfRecord = new Map<string, string>();
  for (const [date, { changed, changes = 0, records }] of Object.entries(known?.days ?? {})) {
    days.set(date, { changed, changes, records: new Map(Object.entries(records)) });
    for (const id of Object.keys(records)) dayOfRecord.set(id, date);
  }
  /** Of a day of which nothing was known, nothing can have changed. */
  const knownDays = new Set(days.keys());
  const first = dateOf(Date.parse(at) - PAST_DAYS * 24 * 60 * 60 * 1000);

  const touch = (date: string | undefined): void => {
    const day = date === undefined || !knownDays.has(date) ? undefined : days.get(date);
    if (day === undefined) return;
    day.changes = day.changed === at ? day.changes + 1 : 1;
    day.changed = at;
  };
  const dayAt = (date: string): Day => {
    const day = days.get(date) ?? { changed: undefined, changes: 0, records: new Map<string, string>() };
    days.set(date, day);
    return day;
  };

  return {
    see({ id, value, hash }) {
      const date = typeof value['local_date'] === 'string' ? value['local_date'] : undefined;
      const before = dayOfRecord.get(id);
      const short = hash.slice(0, HASH_DIGITS);
      if (before === date && (date === undefined || days.get(date)?.records.get(id) === short)) return;
      touch(before);
      if (before !== date) {
        touch(date);
        if (before !== undefined) days.get(before)?.records.delete(id);
        dayOfRecord.delete(id);
      }
      if (date === undefined || date < first) return;
      dayAt(date).records.set(id, short);
      dayOfRecord.set(id, date);
    },
    changedDays({ after, until }) {
      const since = Date.parse(at) - LATELY_MS;
      return [...days]
        .filter(([date, { changed }]) => date > after && date <= until && changed !== undefined && Date.parse(changed) > since)
        .sort(([a, x], [b, y]) => y.changes - x.changes || (a < b ? -1 : 1))
        .slice(0, MOST_CHANGED_DAYS)
        .map(([date]) => date)
        .sort();
    },
    stored: () => ({ version: 1, updated: at, days: kept(days, first, maxRecords) }),
  };
}

/** Nearest days first, as many as fit. */
function kept(days: ReadonlyMap<string, Day>, first: string, maxRecords: number): Record<string, StoredDay> {
  const found: Record<string, StoredDay> = {};
  let left = maxRecords;
  for (const [date, { changed, changes, records }] of [...days].sort(([a], [b]) => (a < b ? -1 : 1))) {
    left -= records.size;
    if (left < 0) break;
    if (date >= first && (records.size > 0 || changed !== undefined))
      found[date] = { ...(changed !== undefined && { changed, changes }), records: Object.fromEntries(records) };
  }
  return found;
}

export const dateOf = (epochMs: number): string => new Date(epochMs).toISOString().slice(0, 10);
