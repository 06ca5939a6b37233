// S3, Kinesis and DynamoDB in a process of their own. Argument: how they are to be (AwsServerSettings), as JSON.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalAws } from '@loadin/local-aws';
import type { AwsServer, AwsServerSettings } from './aws-server.js';

const { shardLimits: limits, latencyMs = 0 } = JSON.parse(process.argv[2] ?? '{}') as AwsServerSettings;
const dataDir = mkdtempSync(join(tmpdir(), 'loadin-bench-'));
const aws = await startLocalAws({ dataDir, ...(limits && { kinesis: { limits } }) });
if (latencyMs > 0) aws.faults.add({ service: '*', operation: '*', effect: { latencyMs } });
console.log(JSON.stringify({ url: aws.url } satisfies AwsServer));
process.once('SIGTERM', () => {
  void aws.close().then(() => {
    rmSync(dataDir, { recursive: true });
    process.exit(0);
  });
});
