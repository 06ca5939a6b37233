import type { Fault } from '../../delivery/mutants/mutant.js';
import type { LoadScenario } from '../scenario.js';

/** A loader of bronze that is broken on purpose, and what has to notice it. */
export interface LoadMutant extends Fault {
  /** A text in what a check finds. */
  readonly finds: string;
  /** What it is put through: it follows from the fault, so that it strikes for certain. */
  readonly loads: LoadScenario;
}
