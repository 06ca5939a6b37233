import type { JsonObject, Sink } from '@loadin/pipeline';

/** What lies in the sink's target. A stream adds fields to a record: they may be there too. */
export interface StoredRecord {
  readonly id: string;
  readonly record: JsonObject;
}

/**
 * What a target can be made to do with the requests of a sink, until it is told otherwise.
 * - `error`: each fails, and nothing of it is stored
 * - `lost-answer`: the next one is stored and not answered; those after it are as ever
 * - `throttle`: the next two are refused with a wish to be asked later
 * - `hang`: each is taken and neither stored nor answered
 * - `partial`: of each, some records are stored and the others refused, again and again
 */
export type TargetFault = 'error' | 'lost-answer' | 'throttle' | 'hang' | 'partial';

export interface SinkUnderTest {
  readonly sink: Sink;
  /** Reads everything that this sink's target holds at this moment, with other means than the sink's; in the order in which it lies there. */
  readBack(): Promise<readonly StoredRecord[]>;
  /** Another sink for the same target, as another process has it. Without it the check of a second process is left out. */
  readonly another?: () => Sink | Promise<Sink>;
  /** Makes the target misbehave in a way that `SinkChecksOptions.faults` names, or well again (`none`). */
  readonly target?: (fault: TargetFault | 'none') => void | Promise<void>;
}

export type MakeSink = () => Promise<SinkUnderTest>;

export interface SinkChecksOptions {
  /** `exactly`: a batch that is written again is stored once (files) · `at-least`: it may be stored again, the same (streams). Default: `exactly`. */
  readonly once?: 'exactly' | 'at-least';
  /** What `SinkUnderTest.target` can do; the checks of each are added. Default: none. */
  readonly faults?: readonly TargetFault[];
  /** Bytes of JSON that no record can have: the check that it is answered for, alone, is added. Default: there is no such limit. */
  readonly oversizeBytes?: number;
  /** Whether records of one id may come several times in a batch and are stored in their order: streams promise that. Default: `false`: a run has an id once. */
  readonly ordered?: boolean;
  /** How long a cancelled write may take to end, real milliseconds. Default: 2,000. */
  readonly promptMs?: number;
}

export type SinkSettings = Required<Omit<SinkChecksOptions, 'oversizeBytes'>> & Pick<SinkChecksOptions, 'oversizeBytes'>;

/** Makes one named check of a sink with an empty target, which is closed whatever happens. */
export type SinkCheckBody = (under: SinkUnderTest) => Promise<void>;
