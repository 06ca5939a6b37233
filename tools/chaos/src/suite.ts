/** One kind of chaos: what is done to which part of Loadin, and what has to hold all the same. */
export interface Suite {
  /** `npm run chaos -- {name}`; its files lie in the folder of this name. */
  readonly name: string;
  /** One line for the list of suites. */
  readonly what: string;
  /** How many seeds a run has unless it is told otherwise: 1, 2, 3, … */
  readonly seeds: number;
  /** Scenarios that may run at the same time, because they mostly wait. Default 1. */
  readonly atOnce?: number;
  /** No storm: only run when it is named. Default false. */
  readonly onlyNamed?: boolean;
  /** Apps whose built form it runs: `apps/scheduler-cli`. Default: none. */
  readonly needs?: readonly string[];
  /** Counts that come up when everything has struck that it has: the summary names those that did not. Default: none. */
  readonly kinds?: readonly string[];
  /** Starts what the scenarios of all seeds share. */
  open(): Promise<OpenSuite>;
}

export interface OpenSuite {
  /** Carries out the scenario of a seed. The same seed is the same scenario, alone or among others. Rejects only when the scenario itself is at fault. */
  run(seed: number): Promise<Outcome>;
  close(): Promise<void>;
}

export interface Outcome {
  /** What did not hold, in sentences; empty when all is well. */
  readonly findings: readonly string[];
  /** A line about it, told at once. Default: only what did not hold is told. */
  readonly told?: string;
  /** What happened, for the summary: added up over all seeds. */
  readonly counts: Readonly<Record<string, number>>;
  /** The folder where everything lies that a failed scenario left behind. */
  readonly kept?: string;
}
