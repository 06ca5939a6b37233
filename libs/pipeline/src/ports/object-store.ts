/** Whole objects in the lake: landing pages, plans, reports, dead letters, logs. */
export interface ObjectStore {
  /** `s3://bucket` */
  readonly uri: string;
  /** Writes only when nothing is there (`If-None-Match: *`). `created: false`: the stored object is the truth. */
  putIfAbsent(key: string, body: Uint8Array, options?: PutOptions): Promise<{ readonly created: boolean }>;
  /** Writes or replaces. */
  put(key: string, body: Uint8Array, options?: PutOptions): Promise<void>;
  get(key: string): Promise<Uint8Array | undefined>;
  /** In the order of UTF-8 bytes. */
  list(prefix: string): AsyncIterable<{ readonly key: string; readonly size: number }>;
}

export interface PutOptions {
  readonly contentType?: string;
  readonly contentEncoding?: string;
  /** S3 user metadata: ASCII values. */
  readonly metadata?: Readonly<Record<string, string>>;
}
