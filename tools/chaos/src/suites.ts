import { bronze } from './bronze/suite.js';
import { connectors } from './connectors/suite.js';
import { mutantSuite } from './delivery/mutants/suite.js';
import { delivery } from './delivery/suite.js';
import type { Suite } from './suite.js';

/** Every suite there is: a new one is a folder and a line here. */
export const suites: readonly Suite[] = [connectors, delivery, bronze, mutantSuite];
