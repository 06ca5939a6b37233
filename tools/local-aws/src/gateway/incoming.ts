import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** A request's head, taken apart. The body is still in `request`. */
export interface Incoming {
  readonly request: IncomingMessage;
  readonly method: string;
  /** As sent: percent-encoded, dot segments and double slashes kept (they may be parts of an S3 key). */
  readonly rawPath: string;
  readonly rawQuery: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The bucket of a virtual-host style address, e.g. `lake` of `lake.localhost:4566`. */
  readonly hostBucket?: string;
  readonly auth?: Authorization;
  /** The body, where it was read before the operation was begun; else it is still in `request`. */
  readonly early?: Buffer;
  readonly requestId: string;
  /** S3's second request id. */
  readonly hostId: string;
}

/** What a signed request says about its signature, in the header or (presigned) in the query. */
export interface Authorization {
  readonly presigned: boolean;
  readonly accessKeyId: string;
  /** YYYYMMDD. */
  readonly day: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

export function readIncoming(request: IncomingMessage): Incoming {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  const rawQuery = mark < 0 ? '' : url.slice(mark + 1);
  const query = new URLSearchParams(rawQuery);
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(request.headers)) headers[name] = Array.isArray(value) ? value.join(',') : value;
  return {
    request,
    method: request.method ?? 'GET',
    rawPath: mark < 0 ? url : url.slice(0, mark),
    rawQuery,
    query,
    headers,
    hostBucket: bucketOfHost(headers.host ?? ''),
    auth: headerAuthorization(headers.authorization) ?? queryAuthorization(query),
    requestId: randomUUID(),
    hostId: randomBytes(36).toString('base64'),
  };
}

/** `bucket.localhost` and `bucket.s3.localhost` name a bucket; every other host (`localhost`, an address, a container's name) is path-style. */
function bucketOfHost(host: string): string | undefined {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  return /^(.+?)(?:\.s3)?\.localhost$/.exec(name === 's3.localhost' ? '' : name)?.[1];
}

function headerAuthorization(header: string | undefined): Authorization | undefined {
  if (header === undefined || !header.startsWith('AWS4-HMAC-SHA256')) return undefined;
  const part = (name: string): string | undefined => new RegExp(`${name}=([^,\\s]+)`).exec(header)?.[1];
  return authorization(part('Credential'), part('SignedHeaders'), part('Signature'), false);
}

function queryAuthorization(query: URLSearchParams): Authorization | undefined {
  const get = (name: string): string | undefined => query.get(`X-Amz-${name}`) ?? undefined;
  return authorization(get('Credential'), get('SignedHeaders'), get('Signature'), true);
}

function authorization(credential?: string, signedHeaders?: string, signature?: string, presigned = false): Authorization | undefined {
  if (credential === undefined || signedHeaders === undefined || signature === undefined) return undefined;
  // An access key id may hold slashes; the four parts after it may not.
  const parts = credential.split('/');
  const [day = '', region = '', service = ''] = parts.slice(-4);
  return {
    presigned,
    accessKeyId: parts.slice(0, -4).join('/'),
    day,
    region,
    service,
    signedHeaders: signedHeaders.toLowerCase().split(';'),
    signature,
  };
}
