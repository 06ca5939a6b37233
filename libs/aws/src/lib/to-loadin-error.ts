import { FatalError, LoadinError, RetryableError, SkippableError, StopError, type ErrorAction, type LoadinErrorDetails } from '@loadin/resilience';
import { meaningOf, type AwsErrorMeaning } from './error-table.js';
import { permissionFor } from './permissions.js';

/** What was being done when it failed. */
export interface AwsOperation {
  /** As people call it: `S3`, `Kinesis`, `DynamoDB`, `Secrets Manager`. */
  readonly service: string;
  /** `PutObject`. */
  readonly operation: string;
  /** `s3://bucket/key`, `kinesis://stream`, `dynamodb://table`: becomes the error's `where`. */
  readonly resource: string;
}

/** The parts of an error of the SDK or of Node that tell what it is; every one may be missing. */
interface Failure {
  readonly name?: string;
  readonly code?: string;
  readonly Code?: string;
  readonly message?: string;
  readonly hostname?: string;
  readonly address?: string;
  readonly port?: number;
  readonly errors?: readonly Failure[];
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
}

/**
 * Any error of an AWS SDK call as a `LoadinError` of the class that says what to do, with one line for the user. Errors that are
 * Loadin's already come back as they are; an unknown one becomes a `FatalError`.
 */
export function toLoadinError(error: unknown, call: AwsOperation): LoadinError {
  const { service, operation, resource } = call;
  if (error instanceof LoadinError) return error;
  const failure: Failure = typeof error === 'object' && error !== null ? error : { message: String(error) };
  const subject = `${service} ${operation}`;
  if (failure.name === 'AbortError') return new StopError(`${subject}: cancelled`, { reason: 'cancelled', where: resource, cause: error });
  const meaning = meaningOf(codesOf(failure), failure.$metadata?.httpStatusCode) ?? UNKNOWN;
  const code = codesOf(failure).find((candidate) => !MEANINGLESS.has(candidate));
  const detail = meaning.detail ? detailOf(failure) : '';
  const message = `${subject}: ${meaning.text}${code === undefined ? '' : ` (${code})`}${detail === '' ? '' : `: ${detail}`}`;
  return create(meaning.action, message, { where: resource, hint: hintOf(meaning, call), cause: error });
}

function hintOf({ hint, permission }: AwsErrorMeaning, call: AwsOperation): string {
  const missing = permission ? permissionFor(call) : undefined;
  return missing === undefined ? hint : `Give the role or user ${missing}; or use other credentials.`;
}

/** The error code of an SDK error: `NoSuchBucket`, `ECONNREFUSED`; `undefined` when it has none. */
export function awsErrorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  return codesOf(error as Failure).find((code) => !MEANINGLESS.has(code));
}

/** Tries that the SDK made for a call, from its output or its error; 1 when it doesn't say. */
export function attemptsOf(result: unknown): number {
  return (typeof result === 'object' && result !== null && (result as Failure).$metadata?.attempts) || 1;
}

const UNKNOWN: AwsErrorMeaning = {
  action: 'fatal',
  text: 'failed in a way that Loadin does not know',
  hint: 'Run it again; if it persists, please report it.',
  detail: true,
};

/** Names that say no more than that there was an error. */
const MEANINGLESS = new Set(['Error', 'AggregateError', 'UnknownError', 'Unknown', 'TypeError']);

/**
 * The error's own code before those below it: connecting to `localhost` fails with one error per address. Last what the message names: a
 * code of Node gets lost when another layer has wrapped the error.
 */
function codesOf(failure: Failure): string[] {
  const own = [failure.name, failure.code, failure.Code].filter((code): code is string => typeof code === 'string' && code !== '');
  return [...own, ...(failure.errors ?? []).flatMap(codesOf), ...codesInMessage(failure.message ?? '')];
}

function codesInMessage(message: string): string[] {
  if (message.includes('socket hang up')) return ['ECONNRESET'];
  return /\bE[A-Z]{4,}(?:_[A-Z]+)*\b/.exec(message)?.slice(0, 1) ?? [];
}

function detailOf(failure: Failure): string {
  const [at] = [failure, ...(failure.errors ?? [])].filter((candidate) => candidate.hostname !== undefined || candidate.address !== undefined);
  if (at) return [at.hostname ?? at.address, at.port].filter((part) => part !== undefined).join(':');
  const text = (failure.message ?? '').replace(/\s+/g, ' ').trim();
  const [, address] = /(?:connect|getaddrinfo) E[A-Z_]+ (\S+)/.exec(text) ?? [];
  if (address !== undefined) return address;
  return text === 'UnknownError' ? '' : text.slice(0, 300);
}

function create(action: ErrorAction, message: string, details: LoadinErrorDetails): LoadinError {
  switch (action) {
    case 'retry':
      return new RetryableError(message, details);
    case 'skip':
      return new SkippableError(message, details);
    case 'stop':
      return new StopError(message, { ...details, reason: 'cancelled' });
    case 'fatal':
      return new FatalError(message, details);
  }
}
