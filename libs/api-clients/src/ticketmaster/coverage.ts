import { FatalError } from '@loadin/pipeline';
import type { TimeWindow } from '../kit/windows/types.js';
import { isoSeconds } from '../kit/windows/time.js';

/** Which part of the horizon a run reads, so that a frequent job spends its calls where change is likely. */
export interface RefreshPolicy {
  /** Days from the scheduled time on that every run reads: what happens soon changes most. */
  readonly nearDays: number;
  /** Within so many hours every part of the horizon is read at least once. A multiple of `everyHours` is used: the next one below. */
  readonly coverageHours: number;
  /** How often the job runs. */
  readonly everyHours: number;
  /** Local dates (`YYYY-MM-DD`) on which something changed lately; read in every time zone's sense. Default: none. */
  readonly changedDays?: readonly string[];
}

export interface CoverageOptions {
  /** ISO 8601. */
  readonly scheduledTime: string;
  readonly horizonDays: number;
  /** Default 1. */
  readonly lookBackDays?: number;
  /** Default: everything is read. */
  readonly refresh?: RefreshPolicy;
}

/** What a run reads and what it leaves; undated events are read by every run. */
export interface Coverage {
  readonly from: string;
  readonly to: string;
  /** What is read, in order: they neither overlap nor touch. */
  readonly windows: readonly TimeWindow[];
  /** What is left: the gaps. */
  readonly skipped: readonly TimeWindow[];
  /** When the last of `skipped` will have been read, if the job runs as often as it says; missing when nothing is skipped. */
  readonly readBy?: string;
  /** Of the horizon: 1 is all of it. */
  readonly share: number;
  /** Runs after which every part of the horizon was read. */
  readonly runs: number;
}

/** Both ends inclusive, epoch seconds. */
type Range = readonly [from: number, to: number];

const hour = 3_600;
const day = 24 * hour;
/** A local date begins up to 14 hours before that date in UTC and ends up to 12 hours after it. */
const earliestZone = 14 * hour;
const latestZone = 12 * hour;
/** A shorter gap is read too: its events cost less than the searches that another window begins with in every place. */
const shortestGap = 2 * day;

/**
 * What a run reads: a pure function of its scheduled time. Always the near days, the days that changed, and what is new at the end of the
 * horizon since the last run; of the rest the blocks whose turn it is, and the gaps between them that are too short to be worth leaving. Blocks lie at fixed times, so over `coverageHours` of runs every second of the
 * horizon is read at least once. Throws `FatalError` for a policy that can't be kept.
 */
export function coverage({ scheduledTime, horizonDays, lookBackDays = 1, refresh }: CoverageOptions): Coverage {
  const at = isoSeconds.seconds(scheduledTime);
  if (Number.isNaN(at)) throw new FatalError('the scheduled time is not an ISO time', { where: 'ticketmaster.events' });
  const horizon: Range = [Math.floor(at - lookBackDays * day), Math.floor(at + horizonDays * day)];
  const [from, to] = horizon;
  if (refresh === undefined || from > to) return report(horizon, from > to ? [] : [horizon], 1);
  checkRefresh(refresh);

  const every = Math.round(refresh.everyHours * hour);
  const turns = createTurns(refresh, every, to - from + 1);
  const near: Range = [from, Math.floor(at + refresh.nearDays * day)];
  const newest: Range = [to - every + 1, to];
  const changed = (refresh.changedDays ?? []).map((text): Range => {
    const begin = isoSeconds.seconds(`${text}T00:00:00Z`);
    return [begin - earliestZone, begin + day + latestZone - 1];
  });
  const windows = merged([near, newest, ...changed, ...turns.blocks(turns.of(at), horizon)], horizon, shortestGap);
  const skipped = gaps(windows, horizon);
  const runsUntil = (range: Range): number =>
    Math.max(...turns.overlapping(range).map((slot) => (slot - turns.of(at) + turns.count) % turns.count || turns.count));
  const readBy = skipped.length === 0 ? undefined : at + Math.max(...skipped.map(runsUntil)) * every;
  return { ...report(horizon, windows, turns.count), ...(readBy !== undefined && { readBy: isoSeconds.text(readBy) }) };
}

/** Throws `FatalError` for a policy that can't be kept. */
export function checkRefresh({ nearDays, coverageHours, everyHours, changedDays = [] }: RefreshPolicy): void {
  const where = 'ticketmaster.events, refresh';
  if (!(Number.isFinite(nearDays) && nearDays >= 0)) throw new FatalError(`nearDays ${nearDays} is not a number of days`, { where });
  if (!(Number.isFinite(everyHours) && everyHours * hour >= 60))
    throw new FatalError(`everyHours ${everyHours} is not a number of hours, a minute or more`, { where });
  if (!(Number.isFinite(coverageHours) && coverageHours >= everyHours)) {
    const hint = 'Give coverageHours the time within which everything is to be read, and everyHours the time between two runs.';
    throw new FatalError(`coverageHours ${coverageHours} is less than everyHours ${everyHours}: no run would read everything`, { where, hint });
  }
  const wrong = changedDays.find((text) => !/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(Date.parse(text)));
  if (wrong !== undefined) throw new FatalError(`changedDays: "${wrong}" is not a date like 2026-03-01`, { where });
}

/** The note for the report; `undefined` when all was read. */
export function skippedNote({ skipped, readBy, share }: Coverage): string | undefined {
  if (readBy === undefined) return undefined;
  const named = skipped.slice(0, mostNamed).map(({ from, to }) => `${from} to ${to}`);
  const more = skipped.length > mostNamed ? ` and ${skipped.length - mostNamed} more windows` : '';
  return `${Math.round((1 - share) * 100)} % of the horizon is left for later runs (${named.join(', ')}${more}); all of it will have been read by ${readBy}`;
}

const mostNamed = 8;

/**
 * The rest of the horizon in blocks of whole hours at fixed times, as many as runs in a coverage period lie side by side; a block's turn
 * is the run of its number. Few blocks, so that few searches are begun for a half-empty page.
 */
function createTurns({ coverageHours, everyHours }: RefreshPolicy, every: number, seconds: number) {
  const count = Math.max(1, Math.floor(coverageHours / everyHours + 1e-9));
  const block = Math.max(1, Math.ceil(seconds / hour / count)) * hour;
  const slot = (index: number): number => ((index % count) + count) % count;
  const indexes = ([from, to]: Range): number[] => {
    const first = Math.floor(from / block);
    return Array.from({ length: Math.floor(to / block) - first + 1 }, (_, i) => first + i);
  };
  return {
    count,
    /** Whose turn it is at a scheduled time. */
    of: (at: number): number => slot(Math.floor(at / every)),
    blocks: (turn: number, horizon: Range): Range[] =>
      indexes(horizon)
        .filter((index) => slot(index) === turn)
        .map((index) => [index * block, (index + 1) * block - 1]),
    /** The turns that have a part of a range. */
    overlapping: (range: Range): number[] => indexes(range).map(slot),
  };
}

/** In order, within the horizon, and those as one that touch or have less than `gap` between them. */
function merged(ranges: readonly Range[], [from, to]: Range, gap: number): readonly Range[] {
  const inside = ranges.map(([start, end]): Range => [Math.max(from, start), Math.min(to, end)]).filter(([start, end]) => start <= end);
  const result: Range[] = [];
  for (const [start, end] of inside.sort((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last !== undefined && start <= last[1] + gap) result[result.length - 1] = [last[0], Math.max(last[1], end)];
    else result.push([start, end]);
  }
  return result;
}

function gaps(windows: readonly Range[], [from, to]: Range): readonly Range[] {
  const result: Range[] = [];
  let next = from;
  for (const [start, end] of windows) {
    if (start > next) result.push([next, start - 1]);
    next = end + 1;
  }
  if (next <= to) result.push([next, to]);
  return result;
}

function report(horizon: Range, windows: readonly Range[], runs: number): Coverage {
  const [from, to] = horizon;
  const text = ([start, end]: Range): TimeWindow => ({ from: isoSeconds.text(start), to: isoSeconds.text(end) });
  const length = (ranges: readonly Range[]): number => ranges.reduce((sum, [start, end]) => sum + end - start + 1, 0);
  const share = from > to ? 1 : length(windows) / length([horizon]);
  return { ...text(horizon), windows: windows.map(text), skipped: gaps(windows, horizon).map(text), share, runs };
}
