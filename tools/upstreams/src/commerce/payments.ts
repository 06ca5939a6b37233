import { random, type Random } from '../catalogue/random.js';
import { dayMs, minuteMs, nextAtHour, rowId, stateAt } from './lives.js';
import { createTable } from './table.js';
import type { Payment, State, Table } from './types.js';

const everyMs = 5 * minuteMs;
/** All payments of a day are settled at once. */
const settlementHour = 3;

export function createPayments(seed: number, start: number): Table<Payment> {
  return createTable({
    bornAt: (i) => start + i * everyMs + random(seed, 'payment-born', i).int(everyMs),
    lifeOf: (i, bornAt) => lifeOf(seed, i, bornAt),
    idOf: ({ payment_id: id }) => id,
  });
}

function lifeOf(seed: number, i: number, bornAt: number): State<Payment>[] {
  const dice = random(seed, 'payment', i);
  const life: State<Payment>[] = [];
  let row = pending(seed, i, bornAt, dice);
  const become = (at: number, change: Partial<Payment>): void => {
    row = { ...row, ...change, updated_at: new Date(at).toISOString() };
    life.push(stateAt(dice, at, row));
  };
  become(bornAt, {});
  const decidedAt = bornAt + dice.between(500, 90_000);
  if (dice.chance(0.05)) {
    become(decidedAt, { status: 'failed', failure_reason: dice.pick(['card_declined', 'insufficient_funds', 'expired_card']) });
    return life;
  }
  become(decidedAt, { status: 'captured' });
  const settledAt = nextAtHour(decidedAt, settlementHour);
  become(settledAt, { status: 'settled' });
  if (dice.chance(0.04)) become(settledAt + dice.between(1, 9 * dayMs), { status: 'refunded', refunded_amount: row.amount });
  return life;
}

function pending(seed: number, i: number, bornAt: number, dice: Random): Payment {
  const at = new Date(bornAt).toISOString();
  return {
    payment_id: rowId('pay', seed, i),
    order_id: rowId('ord', seed, i),
    customer_id: rowId('cus', seed, dice.int(900)),
    amount: (dice.between(199, 49_900) / 100).toFixed(2),
    currency: dice.pick(['EUR', 'SEK', 'USD', 'GBP']),
    method: dice.pick(['card', 'card', 'card', 'invoice', 'wallet']),
    status: 'pending',
    failure_reason: null,
    refunded_amount: null,
    metadata: { channel: dice.pick(['web', 'app', 'box office']), note: dice.pick([null, null, null, 'Käytävä, 2 kpl', '座席 A-12', '“aisle”']) },
    created_at: at,
    updated_at: at,
  };
}
