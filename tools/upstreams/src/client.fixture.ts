import { startUpstreams, type Upstreams, type UpstreamsOptions } from './index.js';

/** An answer as a test looks at it. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body. */
  readonly json: Tree;
}

/** Documents of many shapes, as `JSON.parse` gives them: a missing member is an error at run time, which fails the test. */
export type Tree = ReturnType<typeof JSON.parse>;

export interface TestUpstreams extends Upstreams {
  /** Discovery, with the right apikey. */
  discover(path: string, query?: Readonly<Record<string, string | number>>): Promise<Answer>;
  /** Spotify data, with a token that is requested when there is none. */
  spotify(path: string, query?: Readonly<Record<string, string | number>>): Promise<Answer>;
  newToken(): Promise<string>;
  admin(method: string, path: string, body?: unknown): Promise<Answer>;
}

/** Unlimited unless a test says otherwise. */
export async function testUpstreams(options: UpstreamsOptions = {}): Promise<TestUpstreams> {
  const upstreams = await startUpstreams({
    ...options,
    limits: options.limits ?? { ticketmaster: { perSecond: 1e6 }, spotify: { callsPerWindow: 1e6 } },
  });
  const { spotifyClientId: id, spotifyClientSecret: secret, ticketmasterApiKey: apikey } = upstreams.credentials;
  let token: string | undefined;
  const newToken = async (): Promise<string> => {
    const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
    const body = new URLSearchParams({ grant_type: 'client_credentials' });
    const answer = await call(`${upstreams.spotifyAccountsUrl}/api/token`, { method: 'POST', headers: { authorization }, body });
    return (token = answer.json.access_token as string);
  };
  return Object.defineProperties({} as TestUpstreams, {
    ...Object.getOwnPropertyDescriptors(upstreams),
    discover: { value: (path: string, query = {}) => call(`${upstreams.ticketmasterUrl}/discovery/v2/${path}?${params({ apikey, ...query })}`) },
    spotify: {
      value: async (path: string, query = {}) =>
        call(`${upstreams.spotifyUrl}/v1/${path}?${params(query)}`, { headers: { authorization: `Bearer ${token ?? (await newToken())}` } }),
    },
    newToken: { value: newToken },
    admin: {
      value: (method: string, path: string, body?: unknown) =>
        call(`${upstreams.adminUrl}/${path}`, { method, body: body === undefined ? undefined : JSON.stringify(body) }),
    },
  });
}

export async function call(url: string, init?: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    get json() {
      return JSON.parse(text) as Tree;
    },
  };
}

function params(query: Readonly<Record<string, string | number>>): string {
  return new URLSearchParams(Object.entries(query).map(([k, v]): [string, string] => [k, String(v)])).toString();
}
