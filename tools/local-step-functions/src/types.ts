export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };

/** Everything outside of a state machine that its states call. */
export interface LocalServices {
  /** `lambda:invoke`: what the function answered; `functionError` is set where its handler threw, or its process ended. */
  invoke(functionArn: string, payload: Json): Promise<{ readonly payload?: unknown; readonly functionError?: string }>;
  /** `s3:getObject` of an item reader: the text of the object. Rejecting is `States.ItemReaderFailed`. */
  getObject(bucket: string, key: string): Promise<string>;
  /** `sns:publish`. */
  publish(message: JsonObject): Promise<void>;
  /** A state that waits goes on when this resolves. */
  wait(wait: LocalWait): Promise<void>;
}

export interface LocalWait {
  /** The name of the state. */
  readonly state: string;
  /** Until when, ISO 8601; or how long. */
  readonly until?: string;
  readonly seconds?: number;
}

export interface LocalExecution {
  readonly name: string;
  readonly arn: string;
  readonly input: Json;
  /** The states in the order in which they were entered; those of a Map's items among them. */
  readonly states: readonly string[];
  /** Bytes of the largest input or output of a state, as JSON. */
  readonly largestState: number;
  /** Never rejects. */
  readonly ended: Promise<LocalOutcome>;
}

export type LocalOutcome =
  { readonly status: 'SUCCEEDED'; readonly output: Json } | { readonly status: 'FAILED'; readonly error: string; readonly cause: string };

export interface LocalStateMachine {
  /** `StartExecution`. @throws ExecutionAlreadyExists as AWS does: the name was used, and not by an execution that still runs and has the same input */
  start(input: Json, name: string): LocalExecution;
  /** All so far, by name, those included that an execution has started. */
  readonly executions: ReadonlyMap<string, LocalExecution>;
}

/** An error with the name that a state machine knows it by. */
export class StateMachineError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/** The most that a state may take or give. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const MAX_STATE_BYTES = 262_144;
