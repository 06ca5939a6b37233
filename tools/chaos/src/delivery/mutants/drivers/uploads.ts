import { S3Client } from '@aws-sdk/client-s3';
import { awsClientOptions } from '@loadin/aws';
import { createPendingUploads } from '@loadin/s3-sink';

// Output of several objects that becomes visible by one commit record. The process that commits dies before it has completed them; the next one finds the record.
const OBJECTS = 3;

const client = new S3Client(awsClientOptions({ endpoint: process.env['AWS_ENDPOINT_URL'], region: process.env['AWS_REGION'] ?? 'us-east-1' }).s3);
const uploads = createPendingUploads({ client, bucket: process.env['AWS_S3_BUCKET_RAW'] ?? '' });
const of = { job: 'bronze', runId: '33333333-3333-5333-8333-333333333333', stream: 'customers' };
const keyOf = (index: number): string =>
  `data/bronze/customers/ingestion_date=2026-03-01/load_type=full/event_date=2026-03-0${index + 1}/part-00000-${of.runId}.parquet`;

const found = await uploads.recover(of);
if (found.state === 'none') {
  const attempt = uploads.attempt(of);
  for (let index = 0; index < OBJECTS; index += 1) await attempt.upload(keyOf(index), [Buffer.from(`PAR1 ${index}`)]);
  await attempt.commit();
  process.kill(process.pid, 'SIGKILL');
}
client.destroy();
process.stdout.write(`${JSON.stringify({ status: 'complete', already_complete: found.state === 'done', problems: [], streams: [] })}\n`);
