import type { Faults, FaultRule } from '../faults.js';
import type { Tally } from '../tally.js';
import type { Answer } from './answer.js';
import type { Incoming } from './incoming.js';
import { readBody } from './read-body.js';

const PREFIX = '/_loadin/';

/** No bucket's name begins with an underscore; but in virtual-host style the path is a key, which may. */
export function isAdminRequest(incoming: Incoming): boolean {
  return incoming.hostBucket === undefined && incoming.rawPath.startsWith(PREFIX);
}

/** `/_loadin/health`, `/_loadin/requests` (GET, DELETE) and `/_loadin/faults` (GET, POST, DELETE). */
export async function answerAdmin(incoming: Incoming, faults: Faults, tally: Tally): Promise<Answer> {
  const body = await readBody(incoming.request, 1 << 20);
  switch (`${incoming.method} ${incoming.rawPath.slice(PREFIX.length)}`) {
    case 'GET health':
      return json(200, { status: 'ok', maxRssBytes: process.resourceUsage().maxRSS * 1024 });
    case 'GET requests':
      return json(200, tally.read());
    case 'DELETE requests':
      tally.clear();
      return json(200, {});
    case 'GET faults':
      return json(200, faults.list());
    case 'POST faults':
      return addFaults(body, faults);
    case 'DELETE faults':
      faults.clear();
      return json(200, []);
    default:
      return json(404, { error: `There is no ${incoming.method} ${incoming.rawPath}. Known: health, requests, faults.` });
  }
}

function addFaults(body: Buffer, faults: Faults): Answer {
  try {
    const rules = JSON.parse(body.toString('utf8')) as FaultRule | FaultRule[];
    faults.add(...(Array.isArray(rules) ? rules : [rules]));
    return json(200, faults.list());
  } catch (error) {
    return json(400, { error: (error as Error).message });
  }
}

function json(status: number, value: unknown): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(value)}\n` };
}
