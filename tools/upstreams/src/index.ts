export { startUpstreams } from './start.js';
export { defaultBaseDate, defaultSeed } from './server/services.js';
export { demoSelection, demoWindow } from './demo-selection.js';
export { defaultCredentials } from './types.js';
export type { Credentials, GatewayLimits, Limits, LimitsPatch, SpotifyLimits, TicketmasterLimits, Upstreams, UpstreamsOptions } from './types.js';
export { createCatalogue } from './catalogue/truth.js';
export type { ArtistSelection, Catalogue, EventSelection, Expected } from './catalogue/truth.js';
export type { MarketSelection } from './catalogue/market.js';
export type {
  Artist,
  Attraction,
  CatalogueEvent,
  CatalogueOptions,
  CatalogueView,
  ChangeKind,
  EventSeed,
  EventStatus,
  Genre,
  Schedule,
  Venue,
} from './catalogue/types.js';
export type { Commerce, Payment, Shipment, Table } from './commerce/types.js';
export type { Api } from './server/exchange.js';
export type { FaultEffect, FaultReport, FaultRule, Faults, FaultWhen } from './server/faults.js';
export { stormKinds } from './server/storm.js';
export type { StormKind, StormOptions, StormReport } from './server/storm.js';
export type { ApiCounts, LoggedCall, RequestLog } from './server/request-log.js';
