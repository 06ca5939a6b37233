import { lineOf, requireQuantity, used, type CostLine } from '../line.js';
import type { LambdaPrices } from '../prices/types.js';

export interface LambdaMonth {
  readonly requests: number;
  /** Of all requests, billed by the millisecond. */
  readonly seconds: number;
  /** Of the function, in GB: 0.5 is 512 MB. */
  readonly memoryGb: number;
  /** Default `x86`. */
  readonly architecture?: 'x86' | 'arm';
  /** Instances that are kept ready, and for how many seconds of the month. All requests are taken to find one. Default: none. */
  readonly provisioned?: { readonly instances: number; readonly seconds: number };
}

/** With provisioned concurrency the second is cheaper, being ready costs, and the free tier does not count. */
export function lambdaCost({ requests, seconds, memoryGb, architecture = 'x86', provisioned }: LambdaMonth, prices: LambdaPrices): CostLine[] {
  requireQuantity('Lambda: memoryGb', memoryGb);
  const gbSeconds = requireQuantity('Lambda: seconds', seconds) * memoryGb;
  const request = { what: 'requests', unit: 'requests', quantity: requests, price: prices.request };
  if (provisioned === undefined) {
    const { requests: freeRequests, gbSeconds: freeSeconds } = prices.free;
    return used([
      lineOf('Lambda', { ...request, freeUnits: freeRequests }),
      lineOf('Lambda', {
        what: 'duration',
        unit: 'GB seconds',
        quantity: gbSeconds,
        price: prices.gbSecond[architecture],
        freeUnits: freeSeconds,
      }),
    ]);
  }
  const kept = requireQuantity('Lambda: instances', provisioned.instances) * requireQuantity('Lambda: provisioned seconds', provisioned.seconds);
  const { gbSecondKept, gbSecond } = prices.provisioned[architecture];
  return used([
    lineOf('Lambda', request),
    lineOf('Lambda', { what: 'duration in provisioned instances', unit: 'GB seconds', quantity: gbSeconds, price: gbSecond }),
    lineOf('Lambda', { what: 'provisioned instances', unit: 'GB seconds', quantity: kept * memoryGb, price: gbSecondKept }),
  ]);
}
