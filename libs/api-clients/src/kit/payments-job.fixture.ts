import { checkpointKey, runJob, type JsonObject, type RunOptions, type RunReport, type StreamReport } from '@loadin/pipeline';
import { createManualClock, createMemoryObjectStore, createMemorySink, createMemoryStateStore } from '@loadin/testing';
import { defineSource } from './define-source.js';
import type { SincePaging } from './paging-kinds.js';
import { common, options, serve } from './served.fixture.js';
import { list } from './shape.js';

export interface Payment {
  readonly id: string;
  readonly at: string | number;
  readonly amount?: number;
}

export const minute = (n: number): string => `2024-01-15T10:${String(n).padStart(2, '0')}:00Z`;
export const hour = (n: number): string => `2024-01-15T${n}:00:00Z`;
const paymentsAt = (...minutes: number[]): Payment[] => minutes.map((n, i) => ({ id: `p${i}`, at: minute(n) }));

/** So many that they lie in several groups of landed pages; some share a time. */
export const many: Payment[] = Array.from({ length: 200 }, (_, i) => ({
  id: `p${String(i).padStart(3, '0')}`,
  at: new Date(Date.parse(minute(5)) + 500 + 1_000 * (i % 7 < 3 ? i - (i % 7) : i)).toISOString(),
}));

export const keyset = { kind: 'since', parameter: 'since', cursor: 'at', as: 'time', limit: 'limit', perPage: 3, maxPerPage: 12 } as const;
const pages = { kind: 'cursor', cursor: 'page', next: 'next' } as const;
export const filtered = { kind: 'since', parameter: 'since', cursor: 'at', as: 'time', pages } as const;

/** A service of payments by `?since=`, and the stores of a job that reads it hour after hour. */
export async function world(paging: SincePaging = keyset, service: { inclusive?: boolean; ignores?: boolean; payments?: Payment[] } = {}) {
  const state = {
    payments: service.payments ?? paymentsAt(1, 2, 2, 3, 4, 5, 5, 6),
    failAt: 0,
    onCall: undefined as ((call: number) => void) | undefined,
  };
  let calls = 0;
  const server = await serve((url) => {
    calls += 1;
    state.onCall?.(calls);
    state.failAt -= 1;
    if (state.failAt === 0) return { status: 403, body: 'no' };
    const text = url.searchParams.get('since');
    const since = service.ignores || text === null ? undefined : typeof state.payments[0]?.at === 'number' ? Number(text) : text;
    const isAsked = ({ at }: Payment): boolean => since === undefined || at > since || (service.inclusive === true && at === since);
    const found = state.payments.filter(isAsked).sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
    if (paging.pages === undefined) return { body: { data: service.ignores ? found : found.slice(0, Number(url.searchParams.get('limit'))) } };
    const page = Number(url.searchParams.get('page') ?? 0);
    // In the order of their ids, which changes do not touch.
    const inOrder = found.sort((a, b) => (a.id < b.id ? -1 : 1));
    return { body: { data: inOrder.slice(3 * page, 3 * page + 3), ...(inOrder.length > 3 * page + 3 && { next: String(page + 1) }) } };
  });
  const source = defineSource({
    ...common,
    title: 'Payments',
    auth: { kind: 'none' },
    endpoints: { payments: { path: '/payments', answer: list<Payment>('data'), paging } },
    streams: { payments: { endpoint: 'payments', key: 'id' } },
  });
  const [lake, store, sink] = [createMemoryObjectStore(), createMemoryStateStore(), createMemorySink({ limits: { maxRecords: 2, maxBytes: 1e6 } })];
  const clock = createManualClock(Date.parse('2024-01-15T22:00:00Z'));
  const run = async (
    at: string,
    more: Partial<RunOptions> = {},
    streamOptions: { since?: string; until?: string; lookBackSeconds?: number } = {},
  ): Promise<Ran> => {
    const client = source.connect({ ...options(server.url), attempts: 0 });
    const stream = source.stream('payments', { client, ...streamOptions });
    const transform = (raw: unknown) => {
      const { id } = raw as Payment;
      return { ok: true as const, id, record: raw as JsonObject };
    };
    const before = sink.records.length;
    const job = { name: 'hourly', streams: [{ stream, transform, sinks: [sink], schemaVersion: '1' }] };
    const report = await runJob({ job, lake, state: store, clock, at, ...more });
    await client.close();
    const [of] = report.streams;
    if (of === undefined) throw new Error('the report has no stream');
    return { report, stream: of, ids: sink.records.slice(before).map(({ id }) => id) };
  };
  const key = checkpointKey('hourly', 'shows.payments');
  return {
    state,
    run,
    asked: () => server.asked().map((url) => new URLSearchParams(url.split('?')[1]).get('since')),
    checkpoint: async () => (await store.get(key))?.value,
    async edit(change: JsonObject): Promise<void> {
      const item = await store.get(key);
      await store.put(key, { ...item?.value, ...change }, item?.revision ?? null);
    },
    close: () => server.close(),
  };
}

interface Ran {
  readonly report: RunReport;
  readonly stream: StreamReport;
  /** What was delivered by it, in this order. */
  readonly ids: readonly string[];
}
