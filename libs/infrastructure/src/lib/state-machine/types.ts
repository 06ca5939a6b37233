/** JSON, as a definition is made of. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** One state of Amazon States Language. https://states-language.net/spec.html */
export type State = { readonly Type: 'Task' | 'Map' | 'Pass' | 'Choice' | 'Wait' | 'Succeed' | 'Fail' } & { readonly [field: string]: Json };

export type States = Readonly<Record<string, State>>;

/** A state machine in Amazon States Language (JSONPath). */
export type StateMachineDefinition = {
  readonly Comment: string;
  readonly QueryLanguage: 'JSONPath';
  readonly StartAt: string;
  readonly TimeoutSeconds: number;
  readonly States: States;
};

/** A function that works on jobs in phases. */
export interface JobFunction {
  /** Of the function, or of an alias of it. */
  readonly arn: string;
  /** The jobs that are its own. Default: all that no other one names; exactly one function has this default. */
  readonly jobs?: readonly string[];
}

export interface RunStateMachineOptions {
  readonly functions: readonly [JobFunction, ...JobFunction[]];
  /** The SNS topic that is told of a run that failed. Default: nobody is told; the execution fails all the same. */
  readonly alarmTopicArn?: string;
  /** Slices that are worked on at the same time. Default 10: sources answer a few calls a second, and an account has 1,000 functions at a time for everything. */
  readonly maxConcurrency?: number;
  /** How often a run is gone on with before it counts as failed. Default 200: two days of whole invocations of 15 minutes. */
  readonly maxRounds?: number;
  /** The time-out of the functions. Default 900, the most there is. */
  readonly functionTimeoutSeconds?: number;
}
