import { createCatalogue, type Catalogue } from '../catalogue/truth.js';
import { epochDay, isoDate } from '../catalogue/zones.js';
import { bearerOf, createSpotifyApi } from '../spotify/data-api.js';
import { createCommerce } from '../commerce/commerce.js';
import type { Commerce } from '../commerce/types.js';
import { createGateway } from '../gateway/gateway.js';
import { createTokens } from '../spotify/tokens.js';
import { createDiscoveryApi } from '../ticketmaster/discovery-api.js';
import { defaultCredentials, type Credentials, type UpstreamsOptions } from '../types.js';
import type { Controls } from './admin.js';
import { bent } from './bends.js';
import type { Api, Call, Reply } from './exchange.js';
import { createFaults, type FaultEffect } from './faults.js';
import { faultReply } from './fault-replies.js';
import type { Outcome } from './http-server.js';
import { createLimits } from './limits.js';
import { createRecorder } from './request-log.js';

export const defaultSeed = 1;
export const defaultBaseDate = '2026-03-01';

/** The APIs over what there is to tell, without the network. */
export interface Services {
  readonly credentials: Credentials;
  readonly catalogue: Catalogue;
  readonly commerce: Commerce;
  readonly controls: Controls;
  serve(call: Call): Outcome;
}

/** Throws a `RangeError` for a wrong option. */
export function createServices(options: UpstreamsOptions): Services {
  const { seed = defaultSeed, baseDate = defaultBaseDate, crowdedSecond, unreachableVenues } = options;
  if (!isDate(baseDate)) throw new RangeError(`baseDate "${baseDate}": must be a date like ${defaultBaseDate}`);
  let day = checkedDay(options.day ?? 0);
  const credentials = { ...defaultCredentials, ...options.credentials };
  const limits = createLimits(options.limits);
  const catalogue = createCatalogue({ seed, baseDate, crowdedSecond, unreachableVenues }, () => day);
  const view = (): ReturnType<typeof catalogue.view> => catalogue.view();
  const tokens = createTokens(credentials, limits.spotify);
  const spotify = createSpotifyApi({ seed, limits: limits.spotify, tokens, view });
  const discovery = createDiscoveryApi({ apikey: credentials.ticketmasterApiKey, limits: limits.ticketmaster, view });
  const commerce = createCommerce({ seed, baseDate, historyDays: options.historyDays });
  const gateway = createGateway({ apiKey: credentials.gatewayApiKey, limits: limits.gateway, commerce });
  const proven = new Set<string | undefined>();
  const faults = createFaults((call) => proven.has(bearerOf(call)));
  const recorder = createRecorder();
  const answers: Readonly<Record<Api, (call: Call) => Reply>> = {
    accounts: tokens.issue,
    spotify: spotify.answer,
    ticketmaster: discovery.answer,
    payments: gateway.answer,
    shipments: gateway.answer,
  };
  return {
    credentials,
    catalogue,
    commerce,
    controls: {
      faults,
      limits,
      requests: recorder.log,
      resetRequests: () => [recorder, spotify, discovery, gateway].forEach((part) => part.reset()),
      day: () => day,
      setDay: (n) => (day = checkedDay(n)),
    },
    serve(call) {
      const entry = recorder.add(call);
      const effect = faults.hit(call);
      const reply =
        (effect && faultReply(effect, call, { tokens, discovery, limits })) ??
        bent(effect, call, edited(options.edit, call.api, answers[call.api](call)));
      entry.status = statusOf(reply, effect);
      if (effect) entry.fault = effect.kind;
      if (call.api === 'spotify' && reply.status === 200 && !(effect && spoils.has(effect.kind))) proven.add(bearerOf(call));
      return { reply, effect };
    },
  };
}

function edited(edit: UpstreamsOptions['edit'], api: Api, reply: Reply): Reply {
  if (edit === undefined || reply.status !== 200) return reply;
  const body = JSON.parse(reply.body) as Record<string, unknown>;
  edit(api, body);
  return { ...reply, body: JSON.stringify(body) };
}

/** The client gets no whole answer. */
const spoils: ReadonlySet<FaultEffect['kind']> = new Set(['drop', 'hang', 'truncatedBody', 'malformedJson', 'emptyBody']);

/** What the client got to see: 0 for nothing. */
function statusOf(reply: Reply, effect: FaultEffect | undefined): number {
  if (effect?.kind === 'drop' || effect?.kind === 'hang') return 0;
  return effect?.kind === 'malformedJson' || effect?.kind === 'emptyBody' ? 200 : reply.status;
}

function checkedDay(day: number): number {
  if (!Number.isInteger(day) || day < 0 || day > 100_000) throw new RangeError(`day ${String(day)}: must be a whole number of 0 or more`);
  return day;
}

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && isoDate(epochDay(text)) === text;
}
