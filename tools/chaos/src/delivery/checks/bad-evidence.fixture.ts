import { badAccount } from './bad-account.fixture.js';
import { badArrival } from './bad-arrival.fixture.js';
import { badLake } from './bad-lake.fixture.js';
import { badLetters } from './bad-letters.fixture.js';
import { badOrder } from './bad-order.fixture.js';
import { badProcess } from './bad-process.fixture.js';
import type { Draft } from './evidence.fixture.js';

/** Evidence of something that went wrong, made from good evidence by one change, and the check that has to see it. */
export interface BadEvidence {
  readonly check: string;
  readonly what: string;
  readonly change: (draft: Draft) => void;
  readonly finding: RegExp;
}

export const badEvidence: readonly BadEvidence[] = [...badArrival, ...badLake, ...badLetters, ...badAccount, ...badOrder, ...badProcess];
