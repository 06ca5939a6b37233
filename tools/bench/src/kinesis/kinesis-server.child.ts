// Kinesis in a process of its own. Argument: the limits that are to be other than AWS's, as JSON.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalAws } from '@loadin/local-aws';
import type { KinesisServer, ServerLimits } from './stream.js';

const dataDir = mkdtempSync(join(tmpdir(), 'loadin-bench-'));
const aws = await startLocalAws({ dataDir, kinesis: { limits: JSON.parse(process.argv[2] ?? '{}') as ServerLimits } });
console.log(JSON.stringify({ url: aws.url } satisfies KinesisServer));
process.once('SIGTERM', () => {
  void aws.close().then(() => {
    rmSync(dataDir, { recursive: true });
    process.exit(0);
  });
});
