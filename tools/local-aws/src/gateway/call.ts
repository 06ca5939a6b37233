import type { FaultDecision, FaultTarget } from '../faults.js';
import type { AwsError } from '../service.js';
import type { Answer } from './answer.js';
import type { Incoming } from './incoming.js';

/** A request whose service and operation are known and whose signature is right: ready to be done, or to meet a fault. */
export interface Call {
  readonly target: FaultTarget;
  /** Of a JSON service. */
  readonly input?: Readonly<Record<string, unknown>>;
  perform(partial: FaultDecision['partial']): Promise<Answer & { readonly output?: Readonly<Record<string, unknown>> }>;
}

/** How one protocol (S3's XML, JSON 1.1, query) reads requests and words errors. */
export interface Protocol {
  /** Throws `AwsError`. */
  open(incoming: Incoming): Promise<Call>;
  errorAnswer(error: AwsError, incoming: Incoming): Answer;
  /** What the service calls an error of its own. */
  internalCode(incoming: Incoming): string;
}
