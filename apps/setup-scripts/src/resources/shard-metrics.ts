/** Per shard, as CloudWatch charges them; the documents' choice. https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html */
export const shardMetrics = ['IncomingBytes', 'IncomingRecords', 'OutgoingBytes', 'OutgoingRecords'] as const;
