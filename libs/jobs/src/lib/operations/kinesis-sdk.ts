/* By name, as in sdk/s3.ts; apart from what a run uses, so that functions do not carry it. */
export { DescribeStreamSummaryCommand, GetRecordsCommand, GetShardIteratorCommand, ListShardsCommand } from '@aws-sdk/client-kinesis';
