import { AxiosError, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import type { Failure, FailureKind } from './rules.js';

const timeoutCode = 'LOADIN_TIMEOUT';
const redirectsCode = 'LOADIN_REDIRECTS';
const malformedCode = 'LOADIN_MALFORMED';

export const timedOut = (config: InternalAxiosRequestConfig): AxiosError => new AxiosError('no answer in time', timeoutCode, config);
export const tooManyRedirects = (config: InternalAxiosRequestConfig): AxiosError => new AxiosError('redirects again and again', redirectsCode, config);
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
  const ok = response.status >= 200 && response.status < 300;
  // A 2xx that axios rejects all the same broke off or can't be unpacked.
  const on: number | FailureKind = !ok ? response.status : code === malformedCode ? 'malformed' : 'network';
  return { on, headers, body: Buffer.isBuffer(response.data) ? response.data.toString('utf8') : '', errorCode: code };
}
