import type { Commerce } from '../commerce/types.js';
import type { Call, Reply } from '../server/exchange.js';
import type { GatewayLimits } from '../types.js';
import { createChangesApi } from './changes-api.js';
import { forbidden, limitExceeded, noSuchRoute, throttled } from './errors.js';
import { createUsagePlan } from './usage-plan.js';

export interface GatewayOptions {
  readonly apiKey: string;
  readonly limits: GatewayLimits;
  readonly commerce: Commerce;
}

export interface Gateway {
  answer(call: Call): Reply;
  /** Forgets what was counted. */
  reset(): void;
}

/** Stages are a part of the path of every API. */
export const stage = '/prod';

/** API Gateway in front of the payments and shipments APIs: routes, keys and the usage plan are its own. */
export function createGateway({ apiKey, limits, commerce }: GatewayOptions): Gateway {
  const plan = createUsagePlan(limits);
  const routes: Readonly<Record<string, (call: Call) => Reply>> = {
    [`GET ${stage}/payments`]: createChangesApi({ table: commerce.payments, idOf: (row) => row.payment_id, limits }),
    [`GET ${stage}/shipments`]: createChangesApi({ table: commerce.shipments, idOf: (row) => row.shipment_id, limits }),
  };
  const answer = (call: Call): Reply => {
    const route = routes[`${call.method} ${call.path}`];
    if (route === undefined) return noSuchRoute();
    if (call.headers['x-api-key'] !== apiKey) return forbidden();
    const taken = plan.take(call.at);
    if (taken !== 'ok') return taken === 'throttled' ? throttled() : limitExceeded();
    return route(call);
  };
  let asked = 0;
  return {
    answer(call) {
      const reply = answer(call);
      asked += 1;
      return { ...reply, headers: { ...reply.headers, 'x-amzn-requestid': `00000000-0000-4000-8000-${String(asked).padStart(12, '0')}` } };
    },
    reset: () => plan.reset(),
  };
}
