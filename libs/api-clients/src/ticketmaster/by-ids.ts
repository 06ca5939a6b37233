import type { Json, JsonObject, Page, ReadOptions } from '@loadin/pipeline';
import type { CallOptions } from '../http/types.js';
import { unknownIds } from '../unknown-ids.js';
import type { TicketmasterClient, TicketmasterKind } from './client.js';
import { callsOf } from './markets.js';
import { idOf } from './raw.js';

export interface ByIdsOptions {
  readonly client: TicketmasterClient;
  readonly kind: TicketmasterKind;
  readonly ids: readonly string[];
  readonly streamId: string;
  readonly options: ReadOptions;
}

/**
 * Things by their ids, as many in a call as it takes. An id that such a call leaves out is asked for alone: when there is none with it,
 * it is a `null` record, which is skipped and counted, and a note.
 */
export async function* readByIds({ client, kind, ids, streamId, options }: ByIdsOptions): AsyncGenerator<Page> {
  const { signal, meter, logger } = options;
  const callOptions = { signal, meter, logger, lane: streamId };
  const calls = callsOf(ids);
  if (calls.length === 0) yield { records: [], position: null, request: 'no ids' };
  const begin = options.after === null ? 0 : Number((options.after as JsonObject)['call']);
  for (let index = begin; index < calls.length; index += 1) {
    const page = await ofCall({ client, kind, ids: calls[index] ?? [], callOptions });
    yield { ...page, position: index + 1 < calls.length ? { call: index + 1 } : null };
  }
}

async function ofCall(of: {
  readonly client: TicketmasterClient;
  readonly kind: TicketmasterKind;
  readonly ids: readonly string[];
  readonly callOptions: CallOptions;
}): Promise<Pick<Page, 'records' | 'request' | 'notes'>> {
  const { client, kind, ids, callOptions } = of;
  const { items, request } = await client.page(kind, { id: ids.join(',') }, 0, callOptions);
  const wanted = new Set(ids);
  const records = (items as unknown as readonly Json[]).filter((raw) => raw === null || wanted.has(idOf(raw) ?? ''));
  const found = new Set(records.map(idOf));
  const others: Json[] = [];
  const gone: string[] = [];
  for (const each of ids) {
    if (found.has(each)) continue;
    const alone = (await client.byId(kind, each, callOptions)) as unknown as Json;
    others.push(alone);
    if (alone === null) gone.push(each);
  }
  const message = unknownIds(kind.slice(0, -1), gone);
  return { records: [...records, ...others], request, ...(gone.length > 0 && { notes: [{ kind: 'skipped', message }] }) };
}
