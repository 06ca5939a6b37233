import type { Mutant } from './mutant.js';
import { ofRuns } from './of-runs.js';
import { ofSinks } from './of-sinks.js';
import { ofSlices } from './of-slices.js';

/** Every broken variant, each of a promise that could be broken unseen. */
export const mutants: readonly Mutant[] = [...ofSinks, ...ofSlices, ...ofRuns];
