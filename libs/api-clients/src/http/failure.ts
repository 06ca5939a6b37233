import { AxiosError, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import type { Failure, FailureKind } from './rules.js';

const timeoutCode = 'LOADIN_TIMEOUT';
const redirectsCode = 'LOADIN_REDIRECTS';
const malformedCode = 'LOADIN_MALFORMED';

export const timedOut = (config: InternalAxiosRequestConfig): AxiosError => new AxiosError('no answer in time', timeoutCode, config);
export const tooManyRedirects = (config: InternalAxiosRequestConfig): AxiosError =>
  new AxiosError('redirects again and again', redirectsCode, config);
export const malformed = (config: InternalAxiosRequestConfig, response: AxiosResponse): AxiosError =>
  new AxiosError('not the promised JSON', malformedCode, config, undefined, response);

/** What went wrong, out of axios's error. */
export function failureOf(error: AxiosError): Failure {
  const { response, code, message } = error;
  const empty = { body: '', headers: {} };
  if (code === timeoutCode) return { on: 'timeout', ...empty };
  if (code === redirectsCode) return { on: 'redirects', ...empty };
  if (message.startsWith('maxContentLength')) return { on: 'too-large', ...empty };
  if (response === undefined) return { on: 'network', ...empty, errorCode: code };
  const headers = Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
  const body = Buffer.isBuffer(response.data) ? response.data.toString('utf8') : undefined;
  return { on: code === malformedCode ? 'malformed' : toldBy(response.status, body), headers, body: body ?? '', errorCode: code };
}

/**
 * What an answer says that axios rejects. A 2xx broke off or can't be unpacked. So did one without a body (an empty one is there): then 429 and 5xx
 * still say what to do, but a refusal is understood by its body (a limit, an id, an endpoint that is withheld).
 */
function toldBy(status: number, body: string | undefined): number | FailureKind {
  if (status >= 200 && status < 300) return 'network';
  return body !== undefined || status === 429 || status >= 500 ? status : 'network';
}
