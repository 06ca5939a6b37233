import type { Json } from '@loadin/pipeline';
import { changes, gatewayKey, gatewayRate, gatewayRules, type ChangesShape } from '../gateway/gateway.js';
import { defineSource } from '../kit/define-source.js';
import { list } from '../kit/shape.js';

/** A payment as the service gives it: everything is kept. */
export interface Payment {
  readonly payment_id?: string;
  readonly updated_at?: string;
  readonly [field: string]: Json | undefined;
}

const settings = { baseUrl: 'PAYMENTS_API_URL', credentials: ['API_KEY_SECRET_ARN', 'PAYMENTS_API_SECRET_NAME'] } as const;

/**
 * The payments API behind API Gateway: `GET {baseUrl}?since=`, what has changed since. `connect({ baseUrl, apiKey })` throws a `FatalError` without an
 * address of the list, and for a key that API Gateway would not take.
 */
export function paymentsSource(shape: ChangesShape = {}) {
  const { records = 'data', key = 'payment_id' } = shape;
  return defineSource({
    name: 'payments',
    title: 'Payments API',
    baseUrl: '', // each owner's own
    auth: gatewayKey,
    rate: gatewayRate,
    failures: gatewayRules(settings),
    settings,
    endpoints: { payments: { path: '', params: { limit: 'number?' }, answer: list<Payment>(records), paging: changes(shape) } },
    streams: { payments: { endpoint: 'payments', key } },
  });
}
