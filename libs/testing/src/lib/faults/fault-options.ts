import type { Clock } from '@loadin/pipeline';

/**
 * What can happen to a call.
 * - `error`: it fails before it has an effect
 * - `lost-answer`: it has its effect and fails all the same
 * - `throttle`: as `error`, with a wish to be asked later
 * - `hang`: nothing happens until the call, or the whole run, is cancelled
 * - `delay`: it comes later, by the clock
 * - `partial`: a sink takes some records of a batch and leaves the others pending; for sinks that may be given the rest alone, as streams
 * - `crash`: the process ends, before or after the effect: this call and every later one throw a `CrashError` and have no effect
 */
export type FaultKind = 'error' | 'lost-answer' | 'throttle' | 'hang' | 'delay' | 'partial' | 'crash';

/** The calls that faults can hit. */
export type FaultStep =
  | 'state.get'
  | 'state.put'
  | 'state.list'
  | 'objects.get'
  | 'objects.put'
  | 'objects.putIfAbsent'
  | 'objects.list'
  | 'sink.write'
  | 'sink.parts'
  | 'sink.compare'
  | 'sink.replace'
  | 'stream.survey'
  | 'stream.page';

export interface CrashAt {
  readonly step: FaultStep;
  /** The how manieth call of this step, from 1. Default: 1. */
  readonly call?: number;
  /** Whether the call has its effect. Default: `before`. */
  readonly when?: 'before' | 'after';
}

export interface FaultOptions {
  /** Everything follows from it: the same seed and the same calls give the same faults, in whatever order different targets are called. */
  readonly seed: number;
  /** Share of the calls that each kind hits, 0 to 1; all but `delay` together at most 1. Default: 0 each. */
  readonly rates?: Partial<Readonly<Record<FaultKind, number>>>;
  /** Calls that the rates are for. Default: all. */
  readonly steps?: readonly FaultStep[];
  /** No more faults than this by rates, delays aside, so that a storm ends. Default: no limit. */
  readonly most?: number;
  /** Ends the process at a named call, or at the n-th of all calls (from 1). Default: never. */
  readonly crashAt?: CrashAt | number;
  /** For `delay`. Default: none, then there can be no delays. */
  readonly clock?: Clock;
  /** The longest delay, milliseconds. Default: 1,000. */
  readonly maxDelayMs?: number;
  /** Ends calls that hang and have no signal of their own: those of stores. Default: none, then these can't hang. */
  readonly signal?: AbortSignal;
}

export interface InjectedFault {
  readonly kind: FaultKind;
  readonly step: FaultStep;
  /** The how manieth call of this step, from 1. */
  readonly call: number;
  /** A key; a batch; a page. */
  readonly target: string;
}
