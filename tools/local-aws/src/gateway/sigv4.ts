import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { AwsError } from '../service.js';
import type { Authorization, Incoming } from './incoming.js';

/** What the signatures of an `aws-chunked` body's chunks are computed with. */
export interface ChunkSigning {
  readonly signingKey: Buffer;
  readonly amzDate: string;
  readonly scope: string;
  /** The request's own signature, with which the chain of chunk signatures begins. */
  readonly seed: string;
}

/** Access key ids and their secrets; undefined: any key is accepted and no signature is looked at. */
export type Credentials = Readonly<Record<string, string>> | undefined;

const MAX_SKEW_MS = 15 * 60_000;

/**
 * Checks a request's Signature Version 4 ("Create a signed AWS API request", IAM User Guide), in the `Authorization` header or presigned.
 * `payloadHash` is the hex SHA-256 of the body, or what `x-amz-content-sha256` says instead of it.
 * Throws the error of the request's service. Returns what chunk signatures need, or undefined when nothing is checked.
 */
export function verifySignature(incoming: Incoming, payloadHash: string, credentials: Credentials, now: number): ChunkSigning | undefined {
  if (credentials === undefined) return undefined;
  const { auth, query, headers } = incoming;
  const errors = errorsOf(incoming);
  if (auth === undefined) throw errors.missing();
  const secret = credentials[auth.accessKeyId];
  if (secret === undefined) throw errors.unknownKey();
  const amzDate = (auth.presigned ? query.get('X-Amz-Date') : headers['x-amz-date']) ?? '';
  checkTime(auth, amzDate, now, Number(query.get('X-Amz-Expires') ?? 0));
  const scope = `${auth.day}/${auth.region}/${auth.service}/aws4_request`;
  const canonical = canonicalRequest(incoming, auth, payloadHash);
  const toSign = ['AWS4-HMAC-SHA256', amzDate, scope, createHash('sha256').update(canonical).digest('hex')].join('\n');
  const signingKey = ['aws4_request', auth.service, auth.region, auth.day].reduceRight(
    (key: Buffer | string, part) => hmac(key, part),
    `AWS4${secret}`,
  ) as Buffer;
  const expected = hmac(signingKey, toSign).toString('hex');
  if (!sameText(expected, auth.signature)) throw errors.mismatch();
  return { signingKey, amzDate, scope, seed: expected };
}

export function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

export function sameText(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

function checkTime(auth: Authorization, amzDate: string, now: number, expiresSeconds: number): void {
  const signed = Date.parse(amzDate.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  const late = auth.presigned ? now > signed + expiresSeconds * 1000 : Math.abs(now - signed) > MAX_SKEW_MS;
  if (!late && !Number.isNaN(signed)) return;
  if (auth.presigned) throw new AwsError('AccessDenied', 'Request has expired', 403);
  const message = 'The difference between the request time and the current time is too large.';
  if (auth.service === 's3') throw new AwsError('RequestTimeTooSkewed', message, 403);
  throw new AwsError('InvalidSignatureException', `Signature expired: ${amzDate} is not within 15 minutes of the server's time. ${message}`, 400);
}

function canonicalRequest(incoming: Incoming, auth: Authorization, payloadHash: string): string {
  const headers = auth.signedHeaders.map((name) => `${name}:${(incoming.headers[name] ?? '').trim().replace(/ +/g, ' ')}\n`).join('');
  const path = encodeRfc3986(decode(incoming.rawPath)).replace(/%2F/g, '/');
  return [incoming.method, path, canonicalQuery(incoming.rawQuery), headers, auth.signedHeaders.join(';'), payloadHash].join('\n');
}

function canonicalQuery(rawQuery: string): string {
  const pairs = rawQuery
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const mark = pair.indexOf('=');
      return mark < 0 ? [decode(pair), ''] : [decode(pair.slice(0, mark)), decode(pair.slice(mark + 1))];
    })
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name = '', value = '']) => `${encodeRfc3986(name)}=${encodeRfc3986(value)}`);
  return pairs.sort().join('&');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.", 400);
  }
}

function encodeRfc3986(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

interface SignatureErrors {
  missing(): AwsError;
  unknownKey(): AwsError;
  mismatch(): AwsError;
}

const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.';

/** Each service has its own words for a bad signature. */
function errorsOf({ headers, auth }: Incoming): SignatureErrors {
  if (headers['x-amz-target'] !== undefined) {
    return {
      missing: () => new AwsError('MissingAuthenticationTokenException', 'Request is missing Authentication Token', 400),
      unknownKey: () => new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.', 400),
      mismatch: () => new AwsError('InvalidSignatureException', MISMATCH, 400),
    };
  }
  const unknown = auth?.service === 'sts' ? 'InvalidClientTokenId' : 'InvalidAccessKeyId';
  const members: Record<string, string> = auth ? { AWSAccessKeyId: auth.accessKeyId } : {};
  return {
    missing: () => new AwsError('AccessDenied', 'Access Denied', 403),
    unknownKey: () => new AwsError(unknown, 'The AWS Access Key Id you provided does not exist in our records.', 403, members),
    mismatch: () => new AwsError('SignatureDoesNotMatch', MISMATCH, 403, members),
  };
}
