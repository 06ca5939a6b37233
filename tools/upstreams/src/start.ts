import { createCatalogue } from './catalogue/truth.js';
import { admin, adminPrefix, type Controls } from './server/admin.js';
import { plain, type Api, type Call, type Reply } from './server/exchange.js';
import { createFaults, type FaultEffect } from './server/faults.js';
import { faultReply } from './server/fault-replies.js';
import { listen, type HttpRequest, type Outcome } from './server/http-server.js';
import { createLimits } from './server/limits.js';
import { createRecorder } from './server/request-log.js';
import { createSpotifyApi } from './spotify/data-api.js';
import { createTokens } from './spotify/tokens.js';
import { createDiscoveryApi } from './ticketmaster/discovery-api.js';
import { defaultCredentials, type Upstreams, type UpstreamsOptions } from './types.js';

export const defaultSeed = 1;
export const defaultBaseDate = '2026-03-01';

/** Starts the simulators. Throws a `RangeError` for a wrong option and an `Error` when the port is taken, each with one line that says what to do. */
export async function startUpstreams(options: UpstreamsOptions = {}): Promise<Upstreams> {
  const { port = 0, host = '127.0.0.1', seed = defaultSeed, baseDate = defaultBaseDate, now = Date.now, crowdedSecond, unreachableVenues } = options;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(baseDate) || Number.isNaN(Date.parse(baseDate)))
    throw new RangeError(`baseDate "${baseDate}": must be a date like ${defaultBaseDate}`);
  let day = checkedDay(options.day ?? 0);
  const credentials = { ...defaultCredentials, ...options.credentials };
  const limits = createLimits(options.limits);
  const catalogue = createCatalogue({ seed, baseDate, crowdedSecond, unreachableVenues }, () => day);
  const view = (): ReturnType<typeof catalogue.view> => catalogue.view();
  const tokens = createTokens(credentials, limits.spotify);
  const spotify = createSpotifyApi({ seed, limits: limits.spotify, tokens, view });
  const discovery = createDiscoveryApi({ apikey: credentials.ticketmasterApiKey, limits: limits.ticketmaster, view });
  const faults = createFaults();
  const recorder = createRecorder();
  const controls: Controls = {
    faults,
    limits,
    requests: recorder.log,
    resetRequests() {
      recorder.reset();
      spotify.reset();
      discovery.reset();
    },
    day: () => day,
    setDay: (n) => (day = checkedDay(n)),
  };
  const answers: Readonly<Record<Api, (call: Call) => Reply>> = { accounts: tokens.issue, spotify: spotify.answer, ticketmaster: discovery.answer };
  const serve = (call: Call): Outcome => {
    const entry = recorder.add(call);
    const effect = faults.hit(call);
    const reply = (effect && faultReply(effect, call, { tokens, discovery, limits: limits.ticketmaster })) ?? answers[call.api](call);
    entry.status = statusOf(reply, effect);
    return { reply, effect };
  };
  const server = await listen(port, host, (request) => dispatch(request, now(), controls, serve));
  return {
    spotifyUrl: server.url,
    spotifyAccountsUrl: server.url,
    ticketmasterUrl: server.url,
    adminUrl: `${server.url}/_loadin`,
    credentials,
    catalogue,
    faults,
    limits,
    get day() {
      return day;
    },
    setDay: controls.setDay,
    requests: controls.requests,
    resetRequests: controls.resetRequests,
    close: server.close,
  };
}

function dispatch({ method, url, headers, body }: HttpRequest, at: number, controls: Controls, serve: (call: Call) => Outcome): Outcome {
  const { pathname: path, searchParams: query } = url;
  if (path.startsWith(adminPrefix)) return { reply: admin(method, path, body, controls) };
  const api = apiOf(path);
  return api ? serve({ api, method, path, query, headers, body, at }) : { reply: plain(404, 'Not found') };
}

function apiOf(path: string): Api | undefined {
  if (path.startsWith('/api/')) return 'accounts';
  if (path.startsWith('/v1/')) return 'spotify';
  return path.startsWith('/discovery/') ? 'ticketmaster' : undefined;
}

/** What the client got to see: 0 for nothing. */
function statusOf(reply: Reply, effect: FaultEffect | undefined): number {
  if (effect?.kind === 'drop' || effect?.kind === 'hang') return 0;
  return effect?.kind === 'malformedJson' || effect?.kind === 'emptyBody' ? 200 : reply.status;
}

function checkedDay(day: number): number {
  if (!Number.isInteger(day) || day < 0 || day > 100_000) throw new RangeError(`day ${String(day)}: must be a whole number of 0 or more`);
  return day;
}
