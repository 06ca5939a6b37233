import { FatalError } from '@loadin/pipeline';
import type { QueryValue } from './types.js';

/** Path and query as they are sent and as they are shown; characters that need no escape in a query stay readable. */
export function pathWithQuery(path: string, query: Readonly<Record<string, QueryValue>> = {}): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined);
  if (pairs.length === 0) return path;
  return `${path}?${pairs.map(([name, value]) => `${escaped(name)}=${escaped(String(value))}`).join('&')}`;
}

/** The query of a request as pages name it: `GET /discovery/v2/events.json?countryCode=US`. */
export function queryOf(request: string): URLSearchParams {
  const at = request.indexOf('?');
  return new URLSearchParams(at < 0 ? '' : request.slice(at + 1));
}

/** Checks a base URL and gives it back without a slash at its end. Throws `FatalError` naming the setting. */
export function checkedBaseUrl(baseUrl: string, setting: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  const hint = `Set ${setting} to an address like https://api.example.com, without query, user or password.`;
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw new FatalError(`${setting} is not an http(s) address`, { where: setting, hint });
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '')
    throw new FatalError(`${setting} has more than an address`, { where: setting, hint });
  return url.href.replace(/\/+$/, '');
}

/** `api.spotify.com:443`: what a user can try to reach. */
export function hostAndPort(baseUrl: string): string {
  const { hostname, port, protocol } = new URL(baseUrl);
  return `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
}

/** Calls to this machine never go through a proxy. */
export function isLoopback(baseUrl: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(baseUrl).hostname);
}

const escaped = (text: string): string => encodeURIComponent(text).replace(/%(3A|2C|40|24)/g, (hex) => decodeURIComponent(hex));
