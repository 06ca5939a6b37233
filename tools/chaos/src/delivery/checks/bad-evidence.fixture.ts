import { badDelivery } from './bad-delivery.fixture.js';
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

export const badEvidence: readonly BadEvidence[] = [...badDelivery, ...badOrder, ...badProcess];
