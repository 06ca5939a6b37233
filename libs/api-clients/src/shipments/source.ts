import type { Json } from '@loadin/pipeline';
import { changes, gatewayKey, gatewayRate, gatewayRules, type ChangesShape } from '../gateway/gateway.js';
import { defineSource } from '../kit/define-source.js';
import { list } from '../kit/shape.js';

/** A shipment as the service gives it: everything is kept. */
export interface Shipment {
  readonly shipment_id?: string;
  readonly updated_at?: string;
  readonly [field: string]: Json | undefined;
}

const settings = { baseUrl: 'SHIPMENTS_API_URL', credentials: ['API_KEY_SECRET_ARN'] } as const;

/**
 * The shipments API behind API Gateway: `GET {baseUrl}?since=`, what has changed since. `connect({ baseUrl, apiKey })` throws a `FatalError` without an
 * address of the list, and for a key that API Gateway would not take.
 */
export function shipmentsSource(shape: ChangesShape = {}) {
  const { records = 'data', key = 'shipment_id' } = shape;
  return defineSource({
    name: 'shipments',
    title: 'Shipments API',
    baseUrl: '', // each owner's own
    auth: gatewayKey,
    rate: gatewayRate,
    failures: gatewayRules(settings),
    settings,
    endpoints: { shipments: { path: '', params: { limit: 'number?' }, answer: list<Shipment>(records), paging: changes(shape) } },
    streams: { shipments: { endpoint: 'shipments', key } },
  });
}
