export { DescribeStreamSummaryCommand, KinesisClient } from '@aws-sdk/client-kinesis'; // by name, as in s3.ts
