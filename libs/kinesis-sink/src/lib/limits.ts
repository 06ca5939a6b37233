/** What one PutRecords request may hold. */
export interface RequestLimits {
  readonly maxRecords: number;
  readonly maxBytes: number;
}

/** "Each PutRecords request can support up to 500 records" (PutRecords). */
export const MAX_REQUEST_RECORDS = 500;
/**
 * 5 MiB for data and partition keys together. Since October 2025 AWS takes 10 MiB (PutRecords: "up to a limit of 10 MiB for the entire request"),
 * what speaks like Kinesis often still takes 5 only; five shards need more than a second to take that much.
 */
export const MAX_REQUEST_BYTES = 5 * 1024 * 1024;
/** "up to a limit of 10 MiB for the entire request, including partition keys" (PutRecords). */
export const LARGEST_REQUEST_BYTES = 10 * 1024 * 1024;
/** 1 MiB for data and partition key: what a stream takes unless its own limit was raised (UpdateMaxRecordSize, up to 10 MiB). */
export const MAX_RECORD_BYTES = 1024 * 1024;
/** "Each shard can support writes up to 1,000 records per second, up to a maximum data write total of 1 MB per second" (PutRecords). */
export const SHARD_RECORDS_PER_SECOND = 1_000;
/** The quotas page has 1 MB, the page on large records 1 MiB; a shard takes the latter. */
export const SHARD_BYTES_PER_SECOND = 1024 * 1024;
