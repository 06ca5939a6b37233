import { json, type Reply } from '../server/exchange.js';

/** The application's errors. Neither quota headers nor anything else tells what such an answer cost. */
export function discoveryError(code: string, detail: string, status: number, statusText = String(status)): Reply {
  const about = { about: { href: `/discovery/v2/errors.html#${code}` } };
  return json(status, { errors: [{ code, detail, status: statusText, _links: about }] });
}

/** The gateway's errors, before the application is reached. */
export function gatewayFault(status: number, faultstring: string, errorcode: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return json(status, { fault: { faultstring, detail: { errorcode } } }, headers);
}

export const invalidApikey = (): Reply => gatewayFault(401, 'Invalid ApiKey', 'oauth.v2.InvalidApiKey');
export const missingApikey = (): Reply =>
  gatewayFault(401, 'Failed to resolve API Key variable request.queryparam.apikey', 'steps.oauth.v2.FailedToResolveAPIKey');

export function spikeArrest(perSecond: number, headers: Readonly<Record<string, string>> = {}): Reply {
  return gatewayFault(429, `Spike arrest violation. Allowed rate : ${perSecond}ps`, 'policies.ratelimit.SpikeArrestViolation', headers);
}

/** Its text repeats the caller's apikey. */
export function quotaViolation(apikey: string, headers: Readonly<Record<string, string>>): Reply {
  const text = `Rate limit quota violation. Quota limit  exceeded. Identifier : ${apikey}`;
  return gatewayFault(429, text, 'policies.ratelimit.QuotaViolation', headers);
}

const badRequest = (code: string, detail: string): Reply => discoveryError(code, detail, 400, '400 BAD_REQUEST');

export const badDate = (): Reply =>
  badRequest('DIS1015', 'Query param with date must be of valid format YYYY-MM-DDTHH:mm:ssZ {example: 2020-08-01T14:00:00Z }');
export const tooDeep = (maxItems: number): Reply =>
  badRequest('DIS1035', `API Limits Exceeded: Max paging depth exceeded. (page * size) must be less than ${maxItems.toLocaleString('en-US')}`);
export const badSize = (maxSize: number): Reply => badRequest('DIS1036', `Query param "size" must be less than ${maxSize}`);
/** The code of these is not published. */
export const badParameter = (name: string, must: string): Reply => badRequest('DIS1000', `Query param "${name}" must be ${must}`);
export const badSort = (allowed: readonly string[]): Reply =>
  discoveryError('DIS1005', `Query param "sort" may take one of these values only - {${allowed.map((v) => `'${v}'`).join(', ')}}`, 400);
export const notFound = (locale: string, id: string): Reply =>
  discoveryError('DIS1004', `Resource not found with provided criteria (locale=${locale}, id=${id})`, 404);
