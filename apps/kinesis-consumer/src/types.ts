import type { DataType } from '@loadin/transforms';

/** What an event source mapping for a Kinesis stream sends; only what is used here. https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html */
export interface KinesisEvent {
  readonly Records: readonly KinesisEventRecord[];
}

export interface KinesisEventRecord {
  /** `shardId-000000000000:` and the sequence number. */
  readonly eventID?: string;
  readonly kinesis: {
    /** The record's bytes in base64. */
    readonly data: string;
    readonly sequenceNumber: string;
    readonly partitionKey?: string;
  };
}

/**
 * Which records failed. For streams Lambda delivers everything from the *lowest* sequence number in here again, so records behind a failed one
 * come back with it. Empty: the batch is done. https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
 */
export interface BatchAnswer {
  readonly batchItemFailures: { readonly itemIdentifier: string }[];
}

/** What one record of the stream turned out to be. */
export type Verdict =
  | { readonly kind: 'valid'; readonly dataType: DataType }
  /** `{"test": true, …}`, as `loadin-setup create` sends it. */
  | { readonly kind: 'test' }
  /** `dataType` when the record names a known one; `reasons` say where it is wrong. */
  | { readonly kind: 'bad'; readonly dataType?: DataType; readonly reasons: readonly string[] };
