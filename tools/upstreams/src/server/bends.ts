import { bearerOf } from '../spotify/data-api.js';
import { isBehindGateway, type Call, type Reply } from './exchange.js';
import type { FaultEffect } from './faults.js';

type Tree = Record<string, unknown>;

/** The real answer, a little wrong, for the effects that change what a good answer says. */
export function bent(effect: FaultEffect | undefined, call: Call, reply: Reply): Reply {
  if (reply.status !== 200 || (effect?.kind !== 'echo' && effect?.kind !== 'nulls' && effect?.kind !== 'drift')) return reply;
  const body = JSON.parse(reply.body) as Tree;
  if (effect.kind === 'drift') drift(body, effect.by);
  else if (effect.kind === 'nulls') addNull(body);
  else echo(body, call);
  return { ...reply, body: JSON.stringify(body) };
}

/** Spotify's `artists.total` of a search, Ticketmaster's `page.totalElements` and what follows from it. */
function drift(body: Tree, by: number): void {
  const { artists, page } = body as { artists?: { total?: number }; page?: { size: number; totalElements: number; totalPages: number } };
  if (typeof artists?.total === 'number') artists.total = Math.max(0, artists.total + by);
  // An empty list announces nothing: with a total it would be an answer that broke off.
  if (page === undefined || page.totalElements === 0) return;
  page.totalElements = Math.max(1, page.totalElements + by);
  page.totalPages = Math.ceil(page.totalElements / page.size);
}

/** Lists whose entries don't stand for what was asked for, one for one. */
function listsOf(body: Tree): unknown[][] {
  const { artists, tracks, data, _embedded } = body as {
    artists?: { items?: unknown[] };
    tracks?: unknown[];
    data?: unknown[];
    _embedded?: Record<string, unknown[]>;
  };
  return [artists?.items, tracks, data, ...Object.values(_embedded ?? {})].filter((list) => Array.isArray(list));
}

function addNull(body: Tree): void {
  for (const list of listsOf(body)) list.splice(Math.floor(list.length / 2), 0, null);
}

function echo(body: Tree, call: Call): void {
  const said = askedWith(call);
  body['asked_with'] = said;
  for (const entry of listsOf(body).flat()) if (typeof entry === 'object' && entry !== null) (entry as Tree)['asked_with'] = said;
}

function askedWith(call: Call): string {
  if (isBehindGateway(call.api)) return `x-api-key: ${String(call.headers['x-api-key'])}`;
  const key = call.query.get('apikey');
  return key === null ? `Bearer ${bearerOf(call) ?? ''}` : `${call.path}?apikey=${key}`;
}
