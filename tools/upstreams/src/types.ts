import type { Catalogue } from './catalogue/truth.js';
import type { Commerce } from './commerce/types.js';
import type { Api } from './server/exchange.js';
import type { Faults } from './server/faults.js';
import type { RequestLog } from './server/request-log.js';

/** The dummy credentials that are accepted unless others are given. Not secrets. */
export const defaultCredentials = {
  spotifyClientId: 'loadin-client-id',
  spotifyClientSecret: 'loadin-client-secret',
  ticketmasterApiKey: 'loadin-apikey',
  /** Letters and digits, 20 at least, as API Gateway wants it. */
  gatewayApiKey: 'LoadinDummyKeyOfTheGateway01',
} as const;

export interface Credentials {
  readonly spotifyClientId: string;
  readonly spotifyClientSecret: string;
  readonly ticketmasterApiKey: string;
  /** Of the payments and the shipments API: `x-api-key`. */
  readonly gatewayApiKey: string;
}

/** What the real APIs limit. All may be changed while the server runs. */
export interface Limits {
  spotify: SpotifyLimits;
  ticketmaster: TicketmasterLimits;
  gateway: GatewayLimits;
}

export interface SpotifyLimits {
  /** Default 30,000: Spotify counts calls in a rolling 30 seconds. */
  rollingWindowMs: number;
  /** Default 180. Spotify publishes no number; client authors observe about this many. */
  callsPerWindow: number;
  /** Default 10, since 2026. */
  maxSearchLimit: number;
  /** Default 1,000: a search with `offset + limit` above it is refused. */
  maxSearchItems: number;
  /** Default 60: after so many search results comes a null, an entry that was deleted meanwhile; 0: none. */
  nullEvery: number;
  /** Default true: batch, top tracks and related artists are withheld and artists have few fields. */
  developmentMode: boolean;
  /** Default 3,600. */
  tokenTtlSeconds: number;
}

export interface TicketmasterLimits {
  /** Default 5. */
  perSecond: number;
  /** Default 950: a second less some milliseconds, because a client that keeps to five a second can't keep the network from jitter. */
  secondMs: number;
  /** Default 5,000; a day begins with the first call after the last day's end. */
  perDay: number;
  /** Default 200. */
  maxSize: number;
  /** Default 1,000: pages up to here are always served. */
  maxItems: number;
  /** Default 200: `page * size` from `maxItems + leeway` on is refused. */
  leeway: number;
  /** Default 10,000: `totalElements` never says more. */
  maxTotalElements: number;
}

/** The payments and shipments APIs behind API Gateway. The usage plan is ours: each owner sets another. */
export interface GatewayLimits {
  /** Default 10: tokens that the bucket gets a second. */
  perSecond: number;
  /** Default 20: tokens that it holds. */
  burst: number;
  /** Default 10,000, from midnight to midnight (UTC). */
  perDay: number;
  /** Default 100: rows of a page that is asked for without `limit`. */
  defaultLimit: number;
  /** Default 500: more is refused. */
  maxLimit: number;
  /** Default true; `false`: `since` is ignored, everything is given. */
  heedsSince: boolean;
  /** Default true: rows whose time is `since` itself are given; `false`: only later ones. */
  givesSince: boolean;
}

export type LimitsPatch = {
  readonly spotify?: Partial<SpotifyLimits>;
  readonly ticketmaster?: Partial<TicketmasterLimits>;
  readonly gateway?: Partial<GatewayLimits>;
};

export interface UpstreamsOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  /** Default `127.0.0.1`: nobody outside this machine needs it. */
  readonly host?: string;
  /** Default 1: the same catalogue every time. */
  readonly seed?: number;
  /** The simulated day, 0 by default. */
  readonly day?: number;
  /** Day 0 as `YYYY-MM-DD`; default `2026-03-01`, so that nothing depends on the date of the run. */
  readonly baseDate?: string;
  /** Epoch milliseconds for token lifetimes, rate windows, quotas, and what payments and shipments there are; default `Date.now`. */
  readonly now?: () => number;
  readonly credentials?: Partial<Credentials>;
  readonly limits?: LimitsPatch;
  /** Default 0. This many events in a single second of the US: no date window splits them. */
  readonly crowdedSecond?: number;
  /** Default 0. This many US venues that no search within the limits and no event gives. */
  readonly unreachableVenues?: number;
  /** Default 7: the shop has sold since so many days before `baseDate`, so that a full read has several pages. */
  readonly historyDays?: number;
  /** Changes good answers, which it is given parsed, before they are sent and before faults: for records that a source may give and this catalogue has not. Default: none. */
  readonly edit?: (api: Api, body: Record<string, unknown>) => void;
}

/** Simulators of Spotify (accounts and data), Ticketmaster Discovery v2 and a shop's payments and shipments on one port, told apart by their own paths. */
export interface Upstreams {
  /** The client adds `/v1/…`. */
  readonly spotifyUrl: string;
  /** The client adds `/api/token`. */
  readonly spotifyAccountsUrl: string;
  /** The client adds `/discovery/v2/…`. */
  readonly ticketmasterUrl: string;
  /** The list itself: `GET {paymentsUrl}?since=…` */
  readonly paymentsUrl: string;
  /** The list itself. */
  readonly shipmentsUrl: string;
  /** `{url}/_loadin/…` */
  readonly adminUrl: string;
  readonly credentials: Credentials;
  readonly catalogue: Catalogue;
  /** The truth of payments and shipments at any instant. */
  readonly commerce: Commerce;
  readonly faults: Faults;
  /** Live: a change counts from the next request on. */
  readonly limits: Limits;
  readonly day: number;
  setDay(day: number): void;
  requests(): RequestLog;
  /** Forgets requests, quotas and rate windows; tokens stay good. */
  resetRequests(): void;
  close(): Promise<void>;
}
