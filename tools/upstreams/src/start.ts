import { admin, adminPrefix, type Controls } from './server/admin.js';
import { plain, type Api, type Call } from './server/exchange.js';
import { listen, type HttpRequest, type Outcome } from './server/http-server.js';
import { stage } from './gateway/gateway.js';
import { createServices } from './server/services.js';
import type { Upstreams, UpstreamsOptions } from './types.js';

/** Starts the simulators. Throws a `RangeError` for a wrong option and an `Error` when the port is taken, each with one line that says what to do. */
export async function startUpstreams(options: UpstreamsOptions = {}): Promise<Upstreams> {
  const { port = 0, host = '127.0.0.1', now = Date.now } = options;
  const { credentials, catalogue, commerce, controls, serve } = createServices(options);
  const server = await listen(port, host, (request) => dispatch(request, now(), controls, serve));
  return {
    spotifyUrl: server.url,
    spotifyAccountsUrl: server.url,
    ticketmasterUrl: server.url,
    paymentsUrl: `${server.url}${stage}/payments`,
    shipmentsUrl: `${server.url}${stage}/shipments`,
    adminUrl: `${server.url}/_loadin`,
    credentials,
    catalogue,
    commerce,
    faults: controls.faults,
    limits: controls.limits,
    get day() {
      return controls.day();
    },
    setDay: controls.setDay,
    requests: controls.requests,
    resetRequests: controls.resetRequests,
    close: server.close,
  };
}

/** The APIs' own paths tell them apart: links between pages, which are relative to the host, stay good. */
function dispatch({ method, url, headers, body }: HttpRequest, at: number, controls: Controls, serve: (call: Call) => Outcome): Outcome {
  const { pathname: path, searchParams: query } = url;
  if (path.startsWith(adminPrefix)) return { reply: admin(method, path, body, controls) };
  const api = apiOf(path);
  return api ? serve({ api, method, path, query, headers, body, at }) : { reply: plain(404, 'Not found') };
}

function apiOf(path: string): Api | undefined {
  if (path.startsWith('/api/')) return 'accounts';
  if (path.startsWith('/v1/')) return 'spotify';
  // What is not one of its routes is refused by the gateway.
  if (path.startsWith(`${stage}/`)) return path.startsWith(`${stage}/shipments`) ? 'shipments' : 'payments';
  return path.startsWith('/discovery/') ? 'ticketmaster' : undefined;
}
