import type { Answer } from '../gateway/answer.js';
import type { Incoming } from '../gateway/incoming.js';
import type { ChunkSigning } from '../gateway/sigv4.js';
import type { S3Store } from './store.js';

/** A request to S3 whose operation is known. `bucket` and `key` are empty when the operation has none. */
export interface S3Request {
  readonly incoming: Incoming;
  readonly operation: string;
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Epoch milliseconds. */
  readonly now: number;
  /** The region that the request was signed for, or else the server's. */
  readonly region: string;
  readonly accountId: string;
  readonly signing?: ChunkSigning;
}

export type S3Handler = (request: S3Request, store: S3Store) => Promise<Answer>;

/** An XML answer. */
export const xmlAnswer = (body: string, headers: Record<string, string> = {}): Answer => ({
  status: 200,
  headers: { ...headers, 'content-type': 'application/xml' },
  body,
});

export const emptyAnswer = (status: number, headers: Record<string, string> = {}): Answer => ({ status, headers });
