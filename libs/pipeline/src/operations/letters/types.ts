import type { Logger } from '@loadin/observability';
import type { Clock } from '@loadin/resilience';
import type { DeadLetter } from '../../slices/dead-letters.js';
import type { JsonObject } from '../../ports/json.js';
import type { Sink } from '../../ports/sink.js';
import type { Transform } from '../../ports/transform.js';

/** Which letters are meant: all that match everything that is given. */
export interface LetterSelection {
  /** `{12 hexadecimal digits}-{line}`, as `list` shows them. */
  readonly ids?: readonly string[];
  readonly job?: string;
  /** `{source}.{data type}` */
  readonly stream?: string;
  /** Run id. */
  readonly run?: string;
  readonly stage?: DeadLetter['stage'];
}

export interface OpenLetter {
  readonly id: string;
  /** `null` when the state store does not know the run any more. */
  readonly job: string | null;
  /** The key of its object. */
  readonly key: string;
  /** Its line in the object, from 0. */
  readonly line: number;
  readonly letter: DeadLetter;
  /** The sinks that have not acknowledged it yet. */
  readonly open_sinks: readonly string[];
  readonly discarded: boolean;
}

export interface RetryContext {
  /** Today's transform of a stream; `undefined` when there is no such stream any more. */
  readonly transformOf: (stream: string) => Transform | undefined;
  /** `undefined` when there is no such sink any more. */
  readonly sinkOf: (name: string) => Promise<Sink | undefined>;
  readonly idOf: (dataType: string, record: JsonObject) => string | undefined;
  /** How the keys of a stream's raw objects of one second begin. */
  readonly rawPrefix: (stream: { readonly source: string; readonly data_type: string; readonly second: string }) => string;
  /** Looked at before each batch, and while another process is waited for. */
  readonly signal?: AbortSignal;
  /** Milliseconds that the lease of a stream of a run lasts, as for a run's slices. Default 30,000. */
  readonly leaseMs?: number;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** Told when a lease can't be renewed. Default: silent. */
  readonly logger?: Logger;
}

/** What became of the letters that a retry was asked for. */
export interface RetryReport {
  readonly letters: number;
  /** Acknowledged by every sink that had not got them. */
  readonly delivered: number;
  /** Of these: another copy of the record had been delivered by the run, or by a replay. */
  readonly found: number;
  /** They stay. */
  readonly remaining: number;
  /** Why letters stay, each reason once, with how many and the first letter's id. */
  readonly reasons: readonly { readonly reason: string; readonly letters: number; readonly example: string }[];
  readonly objects: readonly string[];
}
