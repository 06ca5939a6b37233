import type { Limits } from '../types.js';
import { json, type Reply } from './exchange.js';
import type { FaultRule, Faults } from './faults.js';
import { changeLimits } from './limits.js';
import type { RequestLog } from './request-log.js';
import type { StormOptions } from './storm.js';

/** What the admin routes steer. */
export interface Controls {
  readonly faults: Faults;
  readonly limits: Limits;
  requests(): RequestLog;
  resetRequests(): void;
  day(): number;
  setDay(day: number): void;
}

export const adminPrefix = '/_loadin/';

/** `/_loadin/faults`, `/_loadin/storms`, `/_loadin/requests`, `/_loadin/day`, `/_loadin/limits`; a wrong request is a 400 with one line that says why. */
export function admin(method: string, path: string, body: string, controls: Controls): Reply {
  const [resource, id] = path.slice(adminPrefix.length).split('/');
  try {
    const answer = routes[`${method} ${resource}`]?.(controls, () => parsed(body), id);
    return answer ?? json(404, { message: `${method} ${path}: no such route, use faults, storms, requests, day or limits` });
  } catch (error) {
    if (error instanceof RangeError) return json(400, { message: error.message });
    throw error;
  }
}

const routes: Readonly<Record<string, (controls: Controls, body: () => unknown, id?: string) => Reply>> = {
  'GET faults': ({ faults }) => json(200, { faults: faults.list(), storms: faults.storms() }),
  'POST storms': ({ faults }, body) => json(201, { id: faults.storm(body() as StormOptions) }),
  'POST faults': ({ faults }, body) => json(201, { id: faults.add(body() as FaultRule) }),
  'DELETE faults': ({ faults }, _body, id) => {
    faults.clear(id);
    return json(200, { faults: faults.list(), storms: faults.storms() });
  },
  'GET requests': (controls) => json(200, controls.requests()),
  'DELETE requests': (controls) => {
    controls.resetRequests();
    return json(200, controls.requests());
  },
  'GET day': (controls) => json(200, { day: controls.day() }),
  'POST day': (controls, body) => {
    controls.setDay((body() as { day?: number }).day as number);
    return json(200, { day: controls.day() });
  },
  'GET limits': ({ limits }) => json(200, limits),
  'POST limits': ({ limits }, body) => {
    changeLimits(limits, body());
    return json(200, limits);
  },
};

function parsed(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null) return value;
  } catch (error) {
    throw new RangeError(`the body must be a JSON object: ${(error as Error).message}`, { cause: error });
  }
  throw new RangeError('the body must be a JSON object');
}
