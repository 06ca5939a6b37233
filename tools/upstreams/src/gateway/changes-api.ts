import type { Changing, Table } from '../commerce/types.js';
import { json, type Call, type Reply } from '../server/exchange.js';
import type { GatewayLimits } from '../types.js';
import { gatewayError } from './errors.js';

export interface ChangesOptions<Row extends Changing> {
  readonly table: Table<Row>;
  readonly idOf: (row: Row) => string;
  readonly limits: GatewayLimits;
}

/** `?since=&limit=&next_token=` of one table: a Lambda function behind the gateway. */
export function createChangesApi<Row extends Changing>({ table, idOf, limits }: ChangesOptions<Row>): (call: Call) => Reply {
  return ({ query, at }) => {
    const since = sinceOf(query.get('since'));
    if (since === 'wrong') return gatewayError(400, 'since must be an ISO 8601 time');
    const limit = limitOf(query.get('limit'), limits);
    if (limit === undefined) return gatewayError(400, `limit must be a number from 1 to ${limits.maxLimit}`);
    const after = placeIn(query.get('next_token'));
    if (after === 'wrong') return gatewayError(400, 'next_token is not valid');
    const wanted = table.at(at).filter((row) => isAsked(row, since, limits) && (after === undefined || placeOf(row, idOf) > after));
    const page = wanted.slice(0, limit);
    const last = page.at(-1);
    const more = wanted.length > page.length && last !== undefined;
    return json(200, { data: page, next_token: more ? Buffer.from(placeOf(last, idOf)).toString('base64url') : null });
  };
}

/** Microseconds: a text has more digits than a number of milliseconds. */
function microseconds(text: string): number | undefined {
  const [, rest = '', fraction = '', zone = ''] =
    /^(\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/i.exec(text) ?? [];
  const whole = Date.parse(`${rest.length === 10 ? `${rest}T00:00` : rest.replace(' ', 'T')}${zone === '' ? 'Z' : zone}`);
  return Number.isNaN(whole) ? undefined : whole * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6));
}

const sinceOf = (text: string | null): number | undefined | 'wrong' => (text === null ? undefined : (microseconds(text) ?? 'wrong'));

function isAsked({ updated_at: text }: Changing, since: number | undefined, { heedsSince, givesSince }: GatewayLimits): boolean {
  if (since === undefined || !heedsSince) return true;
  const at = microseconds(text) ?? 0;
  return at > since || (givesSince && at === since);
}

function limitOf(text: string | null, { defaultLimit, maxLimit }: GatewayLimits): number | undefined {
  const limit = text === null ? defaultLimit : /^\d{1,6}$/.test(text) ? Number(text) : 0;
  return limit >= 1 && limit <= maxLimit ? limit : undefined;
}

/** Where a row lies in the order of the list. Rows that change move to its end. */
const placeOf = <Row extends Changing>(row: Row, idOf: (row: Row) => string): string => `${row.updated_at} ${idOf(row)}`;

function placeIn(token: string | null): string | undefined | 'wrong' {
  if (token === null) return undefined;
  const place = Buffer.from(token, 'base64url').toString('utf8');
  return /^\d{4}-\S+ \w+$/.test(place) ? place : 'wrong';
}
