import { epochDay } from '../catalogue/zones.js';
import { dayMs } from './lives.js';
import { createPayments } from './payments.js';
import { createShipments } from './shipments.js';
import type { Commerce, CommerceOptions } from './types.js';

/** A shop that has sold tickets since `historyDays` before the base date, and goes on as long as the clock does. */
export function createCommerce({ seed, baseDate, historyDays = 7 }: CommerceOptions): Commerce {
  const start = (epochDay(baseDate) - historyDays) * dayMs;
  return { payments: createPayments(seed, start), shipments: createShipments(seed, start) };
}
