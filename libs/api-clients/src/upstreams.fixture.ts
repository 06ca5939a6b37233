import { silentLogger, silentMeter, type Json, type Note, type Page, type ReadOptions, type Slice, type Stream } from '@loadin/pipeline';
import { createManualClock } from '@loadin/testing';
import { startUpstreams, type Upstreams, type UpstreamsOptions } from '@loadin/upstreams';
import { paymentsSource } from './payments/source.js';
import { shipmentsSource } from './shipments/source.js';
import type { Credential } from './http/credential.js';
import type { ConnectOptions } from './kit/source.js';
import { createSpotifyClient, type SpotifyClient, type SpotifyClientOptions } from './spotify/client.js';
import { createTicketmasterClient, type TicketmasterClient, type TicketmasterClientOptions } from './ticketmaster/client.js';

/** The day that the simulated catalogue begins with, at noon. */
export const scheduledTime = '2026-03-01T12:00:00Z';

/**
 * Servers that count rates on the clients' manual clock, so that the real limits hold and nothing waits. `renew` begins anew without
 * making the catalogue again: the time, the limits, no faults, nothing counted.
 */
export async function startWorld(options: UpstreamsOptions = {}) {
  let clock = createManualClock(Date.parse(scheduledTime));
  const upstreams = await startUpstreams({ now: () => clock.now(), ...options });
  const limits = structuredClone(upstreams.limits);
  const clients: { close(): void | Promise<void> }[] = [];
  const closeClients = (): void => clients.splice(0).forEach((client) => void client.close());
  return {
    upstreams,
    get clock() {
      return clock;
    },
    spotify: (more: Partial<SpotifyClientOptions> = {}): SpotifyClient => kept(clients, spotifyOf(upstreams, { clock, random: () => 0.5, ...more })),
    ticketmaster: (more: Partial<TicketmasterClientOptions> = {}): TicketmasterClient =>
      kept(clients, ticketmasterOf(upstreams, { clock, random: () => 0.5, ...more })),
    /** Clients of the two APIs behind the gateway. */
    payments: (more: Partial<GatewayClientOptions> = {}) =>
      kept(clients, paymentsSource().connect({ baseUrl: upstreams.paymentsUrl, ...gatewayOptions(upstreams), clock, random: () => 0.5, ...more })),
    shipments: (more: Partial<GatewayClientOptions> = {}) =>
      kept(clients, shipmentsSource().connect({ baseUrl: upstreams.shipmentsUrl, ...gatewayOptions(upstreams), clock, random: () => 0.5, ...more })),
    renew(): void {
      closeClients();
      clock = createManualClock(Date.parse(scheduledTime));
      upstreams.faults.clear();
      upstreams.resetRequests();
      Object.assign(upstreams.limits.spotify, limits.spotify);
      Object.assign(upstreams.limits.ticketmaster, limits.ticketmaster);
      Object.assign(upstreams.limits.gateway, limits.gateway);
    },
    async close(): Promise<void> {
      closeClients();
      await upstreams.close();
    },
  };
}

export type World = Awaited<ReturnType<typeof startWorld>>;

type GatewayClientOptions = ConnectOptions & { readonly apiKey: string | Credential };
const gatewayOptions = ({ credentials }: Upstreams) => ({ apiKey: credentials.gatewayApiKey });

function kept<T extends { close(): void | Promise<void> }>(clients: { close(): void | Promise<void> }[], client: T): T {
  clients.push(client);
  return client;
}

function spotifyOf({ spotifyUrl, spotifyAccountsUrl, credentials }: Upstreams, more: Partial<SpotifyClientOptions>): SpotifyClient {
  return createSpotifyClient({
    clientId: credentials.spotifyClientId,
    clientSecret: credentials.spotifyClientSecret,
    baseUrl: spotifyUrl,
    accountsUrl: spotifyAccountsUrl,
    ...more,
  });
}

function ticketmasterOf({ ticketmasterUrl, credentials }: Upstreams, more: Partial<TicketmasterClientOptions>): TicketmasterClient {
  return createTicketmasterClient({ apiKey: credentials.ticketmasterApiKey, baseUrl: ticketmasterUrl, ...more });
}

export interface ReadSlice {
  readonly slice: Slice;
  readonly pages: readonly Page[];
}

/** Reads every slice of a stream to its end, as the pipeline does. */
export async function readAll(stream: Stream, more: Partial<ReadOptions> = {}): Promise<ReadSlice[]> {
  const all: ReadSlice[] = [];
  for (const slice of stream.plan({ scheduledTime })) {
    const pages: Page[] = [];
    for await (const page of stream.read(slice, readOptions(more))) pages.push(page);
    all.push({ slice, pages });
  }
  return all;
}

export function readOptions(more: Partial<ReadOptions> = {}): ReadOptions {
  return { after: null, signal: new AbortController().signal, meter: silentMeter, logger: silentLogger, landed: () => from([]), ...more };
}

export async function* from(pages: readonly Page[]): AsyncGenerator<Page> {
  yield* pages;
}

export const recordsOf = (read: readonly ReadSlice[]): Json[] => read.flatMap(({ pages }) => pages.flatMap(({ records }) => [...records]));
export const notesOf = (read: readonly ReadSlice[]): Note[] => read.flatMap(({ pages }) => pages.flatMap(({ notes }) => [...(notes ?? [])]));
/** The ids that a run delivers, sorted: each once. */
export const idsOf = (stream: Stream, read: readonly ReadSlice[]): string[] => {
  const ids = read.flatMap(({ slice, pages }) =>
    pages.flatMap(({ records }) => records.filter((raw) => stream.belongs?.(raw, slice) ?? true).map((raw) => stream.key(raw))),
  );
  return [...new Set(ids.filter((id) => id !== undefined))].sort();
};
