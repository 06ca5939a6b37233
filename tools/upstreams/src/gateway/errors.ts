import { json, type Reply } from '../server/exchange.js';

/**
 * What API Gateway says by itself, before the service behind it is reached, or in its place (docs.aws.amazon.com/apigateway,
 * "Gateway response types"): always one message, and the type in a header.
 */
export function gatewayError(status: number, message: string, type?: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return json(status, { message }, { ...(type !== undefined && { 'x-amzn-errortype': type }), ...headers });
}

/** The key is missing, or is none of the usage plan. */
export const forbidden = (): Reply => gatewayError(403, 'Forbidden', 'ForbiddenException');
/** There is no such path or method. */
export const noSuchRoute = (): Reply => gatewayError(403, 'Missing Authentication Token', 'MissingAuthenticationTokenException');
/** The rate of the usage plan; there is no `Retry-After` unless a fault says so. */
export const throttled = (headers: Readonly<Record<string, string>> = {}): Reply =>
  gatewayError(429, 'Too Many Requests', 'TooManyRequestsException', headers);
/** The quota of the usage plan. */
export const limitExceeded = (): Reply => gatewayError(429, 'Limit Exceeded', 'LimitExceededException');

const messages: Readonly<Record<number, string>> = {
  400: 'Bad Request Exception',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  413: 'Request Too Long',
  429: 'Too Many Requests',
  500: 'Internal server error',
  502: 'Internal server error',
  503: 'Service Unavailable',
  504: 'Endpoint request timed out',
};

export const usualError = (status: number): Reply => gatewayError(status, messages[status] ?? 'Internal server error');
