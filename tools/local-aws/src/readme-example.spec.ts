import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { startLocalAws } from './index.js';

async function example(dataDir: string): Promise<number | undefined> {
  const aws = await startLocalAws({ dataDir });
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  const s3 = new S3Client({ endpoint: aws.url, region: 'us-east-1', forcePathStyle: true, credentials });
  await s3.send(new CreateBucketCommand({ Bucket: 'lake' }));
  aws.faults.add({ service: 's3', operation: 'PutObject', effect: 'throttle', first: 1 });
  // The first answer is `503 SlowDown`: the client tries again, as it would against AWS.
  await s3.send(new PutObjectCommand({ Bucket: 'lake', Key: 'plan.json', Body: '{}', IfNoneMatch: '*' }));
  s3.destroy();
  await aws.close();
  return aws.requests().s3?.PutObject;
}

describe("the README's example", () => {
  it('is the code below', async () => {
    const [readme, spec] = await Promise.all(
      ['../README.md', 'readme-example.spec.ts'].map((name) => readFile(join(import.meta.dirname, name), 'utf8')),
    );
    const [, block = ''] = /```ts\n([\s\S]*?)```/.exec(readme ?? '') ?? [];
    const code = block.slice(block.indexOf('async function example')).trim();
    expect(code.length).toBeGreaterThan(500);
    expect(spec).toContain(code);
  });

  it('takes two attempts', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'readme-'));
    expect(await example(dataDir)).toBe(2);
    await rm(dataDir, { recursive: true });
  });
});
