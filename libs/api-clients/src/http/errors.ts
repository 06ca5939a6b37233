import { FatalError, LoadinError, RetryableError, StopError } from '@loadin/pipeline';
import type { Redactor } from './redact.js';
import type { Failure, Rule } from './rules.js';
import type { HttpOptions, HttpRequest } from './types.js';
import { hostAndPort } from './url.js';

/** The service refused for a reason that its client knows: `code` is the rule's. Not caught, it ends the run like every `FatalError`. */
export class RefusedError extends FatalError {
  constructor(
    message: string,
    readonly code: string,
    readonly status: number,
    details: { readonly where: string; readonly hint?: string },
  ) {
    super(message, details);
  }
}

export interface Verdict {
  readonly failure: Failure;
  readonly rule: Rule;
  /** Attempts made. */
  readonly attempts: number;
  /** Epoch milliseconds, when the service named them. */
  readonly resumeAt?: number;
}

/** The error that leaves the transport. Nothing of the HTTP library's own error is in it: that one holds URL, headers and body. */
export function errorOf({ failure, rule, attempts, resumeAt }: Verdict, request: HttpRequest, options: HttpOptions): LoadinError {
  const { service, baseUrl, redactor } = options;
  const where = `${request.form === undefined ? 'GET' : 'POST'} ${baseUrl}${request.path}`;
  const detail = detailOf(failure, request, redactor);
  const said = (text: string): string => `${service} ${text.replace('{detail}', detail)}`;
  const details = { where, hint: rule.hint };
  if (rule.then === 'refuse')
    return new RefusedError(said(rule.message ?? 'refuses the request: {detail}'), rule.code, statusOf(failure), { where, hint: rule.hint });
  if (rule.then === 'stop' || rule.then === 'wait' || (rule.then === 'retry' && resumeAt !== undefined)) {
    const resumeAfter = resumeAt === undefined ? undefined : new Date(Math.ceil(resumeAt / 1000) * 1000).toISOString();
    const hint =
      rule.hint ??
      (resumeAfter === undefined
        ? 'Run it again later: it goes on where it stopped.'
        : `Run it again after ${resumeAfter}: it goes on where it stopped.`);
    return new StopError(said(rule.message ?? 'allows no more calls now: {detail}'), { where, hint, reason: 'quota', resumeAfter });
  }
  if (rule.then === 'refresh-token') {
    return new FatalError(`${service} refuses a new access token too: ${detail}`, {
      where,
      hint: `Check ${options.settings.credentials.join(' and ')}, and whether the app is still active.`,
    });
  }
  if (rule.then === 'fatal' || rule.then === 'renew-credential')
    return new FatalError(said(rule.message ?? 'refuses the request: {detail}'), details);
  const tried = attempts === 1 ? '' : ` (tried ${attempts} times)`;
  if (failure.on !== 'network')
    return new RetryableError(`${said(rule.message ?? (failure.on === 'timeout' ? 'does not answer in time' : 'fails: {detail}'))}${tried}`, details);
  return new RetryableError(`${service} can't be reached at ${hostAndPort(baseUrl)}: ${failure.errorCode ?? 'the connection broke'}${tried}`, {
    where,
    hint: `Check the network, and ${options.settings.baseUrl} if it is set.`,
  });
}

/** What the service says went wrong, as one short line without credentials. */
export function detailOf({ on, body }: Failure, { form }: Pick<HttpRequest, 'form'>, redactor: Redactor): string {
  const status = typeof on === 'number' ? `${on} ` : '';
  // What a token service answers instead of the promised token may still have one in it.
  const said = form !== undefined && on === 'malformed' ? '' : (messageIn(body) ?? (/^\s*</.test(body) ? '' : body));
  // Redacted before it is cut: half of a secret would not be recognised.
  const text = redactor.message(said).replace(/\s+/g, ' ').trim();
  return `${status}${text.length > 300 ? `${text.slice(0, 300)}…` : text}`.trim();
}

const statusOf = ({ on }: Failure): number => (typeof on === 'number' ? on : 0);

/** Where services keep their messages: `message`, `error.message`, `error_description`, `fault.faultstring`, `errors[].code` and `.detail`. */
function messageIn(body: string): string | undefined {
  const parsed = parse(body) as
    | {
        message?: unknown;
        error?: unknown;
        error_description?: unknown;
        fault?: { faultstring?: unknown };
        errors?: { code?: unknown; detail?: unknown }[];
      }
    | undefined;
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const first = Array.isArray(parsed.errors) ? parsed.errors[0] : undefined;
  const nested = typeof parsed.error === 'object' && parsed.error !== null ? (parsed.error as { message?: unknown; reason?: unknown }) : undefined;
  const parts =
    first === undefined
      ? [
          nested?.message,
          nested?.reason,
          typeof parsed.error === 'string' ? parsed.error : undefined,
          parsed.error_description,
          parsed.fault?.faultstring,
          parsed.message,
        ]
      : [first.code, first.detail];
  const texts = parts.filter((part) => typeof part === 'string');
  return texts.length === 0 ? undefined : texts.join(': ');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // A plain-text body is shown as it is.
  }
}

/** What an aborted signal means for a run: its reason when that says so itself, else a resumable stop. */
export function cancelled(signal: AbortSignal): LoadinError {
  const reason: unknown = signal.reason;
  return reason instanceof LoadinError ? reason : new StopError('the call was cancelled', { reason: 'cancelled' });
}
