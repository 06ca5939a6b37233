import { checkpointKey, runJob, type JsonObject, type RunOptions, type RunReport, type Stream, type StreamReport } from '@loadin/pipeline';
import { createMemoryObjectStore, createMemorySink, createMemoryStateStore, createRecordingLogger } from '@loadin/testing';
import { paymentsSource } from '../payments/source.js';
import { shipmentsSource } from '../shipments/source.js';
import { startWorld, type World } from '../upstreams.fixture.js';

export type Name = 'payments' | 'shipments';
export const names: readonly Name[] = ['payments', 'shipments'];
export const keyOf = { payments: 'payment_id', shipments: 'shipment_id' } as const;
export const settingOf = { payments: 'PAYMENTS_API_URL', shipments: 'SHIPMENTS_API_URL' } as const;

export type Connected = Parameters<World['payments']>[0] & {
  readonly lookBackSeconds?: number;
  readonly since?: string;
  readonly params?: { readonly limit?: number };
};

/** A stream with a client of its own; nothing is tried twice unless the options say so. */
export function streamOf(world: World, name: Name, { lookBackSeconds, since, params, ...client }: Connected = {}): Stream {
  const how = { ...(lookBackSeconds !== undefined && { lookBackSeconds }), ...(since !== undefined && { since }), ...(params && { params }) };
  const once = { attempts: 0, ...client };
  return name === 'payments'
    ? paymentsSource().stream('payments', { client: world.payments(once), ...how })
    : shipmentsSource().stream('shipments', { client: world.shipments(once), ...how });
}

export interface Ran {
  readonly report: RunReport;
  readonly stream: StreamReport;
  /** `{id} {updated_at}` of what it delivered, in this order. */
  readonly delivered: readonly string[];
}

/** A job that reads one of the APIs, run after run; `world.clock` says what there is to read. */
export function jobOf(world: World, name: Name) {
  const [lake, state, sink, logger] = [createMemoryObjectStore(), createMemoryStateStore(), createMemorySink(), createRecordingLogger()];
  return {
    logger,
    checkpoint: async () => (await state.get(checkpointKey('bronze', `${name}.${name}`)))?.value,
    async run(options: Connected = {}, more: Partial<RunOptions> = {}): Promise<Ran> {
      const stream = streamOf(world, name, options);
      const key = keyOf[name];
      const transform = (raw: unknown) => {
        const record = raw as JsonObject;
        return typeof record[key] === 'string'
          ? { ok: true as const, id: record[key], record }
          : { ok: false as const, reasons: [{ path: key, message: 'is missing' }] };
      };
      const before = sink.records.length;
      const at = new Date(Math.floor(world.clock.now() / 1000) * 1000).toISOString().replace('.000', '');
      const job = { name: 'bronze', streams: [{ stream, transform, sinks: [sink], schemaVersion: '1', maxRejected: 0 }] };
      const report = await runJob({ job, lake, state, clock: world.clock, logger, at, ...more });
      const [of] = report.streams;
      if (of === undefined) throw new Error('the report has no stream');
      const delivered = sink.records.slice(before).map(({ value }) => stateOf(name, value as JsonObject));
      return { report, stream: of, delivered };
    },
    /** All that lies in the lake, and all that was said: for what must be in none of it. */
    everything: () =>
      JSON.stringify([[...lake.objects].map(([path, { body }]) => [path, Buffer.from(body).toString('latin1')]), state.history, logger.lines]),
  };
}

export const stateOf = (name: Name, row: object): string => {
  const { updated_at: at, [keyOf[name]]: id } = row as Record<string, string>;
  return `${id} ${at}`;
};

/** What the API gives at this instant, in its order. */
export const truth = (world: World, name: Name): readonly { readonly updated_at: string }[] => world.upstreams.commerce[name].at(world.clock.now());

/** What the calls asked for. */
export const asked = (world: World, name: Name): URLSearchParams[] =>
  world.upstreams.requests().calls.flatMap(({ api, target }) => (api === name ? [new URLSearchParams(target.split('?')[1])] : []));

/** A world without limits, but for those that a specification sets. */
export const startShop = (credentials: { readonly gatewayApiKey?: string } = {}): Promise<World> =>
  startWorld({ credentials, historyDays: 1, limits: { gateway: { perSecond: 1e6, burst: 1e6, perDay: 1e6, defaultLimit: pageSize } } });
/** Less than there are records of one time. */
export const pageSize = 60;
