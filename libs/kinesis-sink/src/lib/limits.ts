/** What one PutRecords request may hold. */
export interface RequestLimits {
  readonly maxRecords: number;
  readonly maxBytes: number;
}

/** "Each PutRecords request can support up to 500 records" (PutRecords). */
export const MAX_REQUEST_RECORDS = 500;
/** 5 MiB for data and partition keys together: every stream takes it. */
export const MAX_REQUEST_BYTES = 5 * 1024 * 1024;
/** 1 MiB for data and partition key: what a stream takes unless its own limit was raised. */
export const MAX_RECORD_BYTES = 1024 * 1024;
