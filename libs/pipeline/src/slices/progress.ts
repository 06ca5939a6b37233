import { inSpan } from '@loadin/observability';
import type { Reached } from '../cursors/types.js';
import { ownValueOf } from '../leases/lease-item.js';
import type { HeldItem } from '../leases/types.js';
import type { Ledger } from '../report/ledger.js';
import type { JsonObject } from '../ports/json.js';
import type { WrittenObject } from '../ports/sink.js';
import type { Note } from '../ports/stream.js';
import type { StateStore } from '../ports/state-store.js';
import type { Effort } from '../report/report.js';
import type { SliceError } from './slice-error.js';
import type { SliceTime } from './slice-time.js';

/**
 * How far the sinks of one slice are: kept in the state store, so that a later attempt repeats only what was not acknowledged, and so that whoever
 * finishes the run reads there what became of it.
 */
export interface SliceProgress {
  readonly sinks: Readonly<Record<string, SinkProgress>>;
  /** The whole ledger when this was saved. */
  readonly ledger?: Ledger;
  /** Of all attempts at the slice. */
  readonly effort?: Effort;
  readonly time?: SliceTime;
  /** Of the last attempt, by its clock, ISO 8601 UTC with milliseconds. */
  readonly began_at?: string;
  readonly ended_at?: string;
  /** Incremental streams: how far it has come, by the sinks that the job had then. */
  readonly reached?: Reached;
  readonly reached_by?: readonly string[];
  /** Why the last attempt ended early. */
  readonly error?: SliceError;
  /** Present once every record of the slice is delivered or dead-lettered. */
  readonly finished?: { readonly notes: readonly Note[]; readonly groups_from_landing: number };
}

export interface SinkProgress {
  /** Batches acknowledged so far, contiguous from the first. */
  readonly parts: number;
  readonly delivered: number;
  readonly dead_lettered: number;
  readonly objects: readonly WrittenObject[];
  /** Where they are listed in the lake, when they are too many for the item; `objects` is empty then. */
  readonly objects_key?: string;
  /** Of batch number `parts`: the indexes that are still to be sent, when the rest of it is acknowledged. */
  readonly remaining?: readonly number[];
  /** Digest of the ids in these batches: another attempt must find the same ones in them, or it would skip records or send them twice. */
  readonly ids?: string;
}

export const emptySinkProgress: SinkProgress = { parts: 0, delivered: 0, dead_lettered: 0, objects: [] };
export const emptyProgress: SliceProgress = { sinks: {} };

export const progressKey = (runId: string, streamId: string, slice: number): string => `progress/${runId}/${streamId}/${slice}`;

/** The progress of a slice that this process holds. */
export interface ProgressKeeper {
  readonly current: SliceProgress;
  /** Throws `StopError` (reason `lease`) when another process has taken the slice over. */
  save(next: SliceProgress): Promise<void>;
  /** Saves for the last time and gives the slice back. Throws as `save` does. */
  end(last: SliceProgress): Promise<void>;
  /** Before a batch: throws the same. */
  check(): Promise<void>;
  /** Aborted as soon as it is known that another process has taken over. */
  readonly lost: AbortSignal;
  /** Nobody has held the slice before: nothing of it can have been landed. */
  readonly isFirst: boolean;
}

export const keeperOf = (held: HeldItem): ProgressKeeper => ({
  get current() {
    return progressIn(held.current);
  },
  save: (next) => inSpan('loadin.progress', {}, () => held.save(next as unknown as JsonObject)),
  end: (last) => inSpan('loadin.progress', { 'loadin.last': true }, () => held.release(last as unknown as JsonObject)),
  check: () => held.check(),
  lost: held.lost,
  isFirst: held.generation === 1 && held.current === undefined,
});

/** The progress in a state item, whoever holds it. */
export const progressIn = (value: JsonObject | undefined): SliceProgress => (ownValueOf(value) as SliceProgress | undefined) ?? emptyProgress;

/** To look at: whoever works on a slice holds its item. */
export async function readProgress(state: StateStore, runId: string, streamId: string, slice: number): Promise<SliceProgress> {
  return progressIn((await state.get(progressKey(runId, streamId, slice)))?.value);
}

/**
 * Finished for the sinks that the job has now: for one that has joined since, or was away when the slice was finished, the landed pages are walked again, and it alone
 * is given what it lacks.
 */
export function isFinished({ finished, ledger, sinks }: SliceProgress, sinkNames: readonly string[]): boolean {
  if (finished === undefined || ledger === undefined) return false;
  return sinkNames.every((name) => {
    const sink = sinks[name];
    return sink !== undefined && sink.delivered + sink.dead_lettered === ledger.accepted;
  });
}

/** The ledger for the sinks that the job has now: one that has joined lacks everything, one that has left is not asked. */
export function ledgerFor({ ledger, sinks }: SliceProgress, sinkNames: readonly string[]): Ledger | undefined {
  if (ledger === undefined) return undefined;
  const bySink = sinkNames.map((name) => {
    const { delivered, dead_lettered } = sinks[name] ?? emptySinkProgress;
    return [name, { delivered, dead_lettered, pending: ledger.accepted - delivered - dead_lettered }] as const;
  });
  return { ...ledger, sinks: Object.fromEntries(bySink) };
}

/** `undefined` also when a sink has joined since: nothing of it has reached that one. */
export const reachedFor = ({ reached, reached_by: by = [] }: SliceProgress, sinkNames: readonly string[]): Reached | undefined =>
  sinkNames.every((name) => by.includes(name)) ? reached : undefined;
