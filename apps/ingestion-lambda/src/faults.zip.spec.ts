import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { startLocalLambda } from '@loadin/local-lambda';
import { openStage, type Stage } from '@loadin/shop';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IngestionAnswer } from './answer.js';
import { createSecret, keysIn, startWorld, ZIP, type World } from './world.fixture.js';

jest.setTimeout(120_000);

/** A schedule's clock may be some minutes ahead. */
const started = Date.now();
const at = (run: number): string => `${new Date(started + 30_000 + run * 30_000).toISOString().slice(0, 19)}Z`;

/** The source, with one event of every page that no transform can read. */
async function startBent(source: string): Promise<{ url: string; close: () => Promise<unknown> }> {
  const server = createServer((request, response) => {
    void (async () => {
      const answer = await fetch(`${source}${request.url ?? ''}`);
      const body = (await answer.json()) as { _embedded?: { events?: Record<string, unknown>[] } };
      const [event] = body._embedded?.events ?? [];
      if (event !== undefined) event['name'] = { not: 'a name' };
      const headers = [...answer.headers].filter(([name]) => !/^(content-length|content-encoding|transfer-encoding|connection)$/.test(name));
      response.writeHead(answer.status, Object.fromEntries(headers)).end(JSON.stringify(body));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): Promise<unknown> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

describe('the function, with keys that lie in Secrets Manager', () => {
  let world: World;
  beforeAll(async () => (world = await startWorld()));
  afterAll(async () => world.close());

  it('reads them there; what is no record goes to the dead letters', async () => {
    const { credentials } = world.sources;
    const spotify = await createSecret(world.aws.url, 'loadin/spotify', {
      client_id: credentials.spotifyClientId,
      client_secret: credentials.spotifyClientSecret,
    });
    const ticketmaster = await createSecret(world.aws.url, 'loadin/ticketmaster', { api_key: credentials.ticketmasterApiKey });
    const bent = await startBent(world.sources.ticketmasterUrl);
    const env = {
      API_TICKETMASTER_BASE_URL: bent.url,
      API_SPOTIFY_CLIENT_ID: spotify,
      API_SPOTIFY_CLIENT_SECRET: spotify,
      API_TICKETMASTER_API_KEY: ticketmaster,
    };
    const { payload } = await world.deploy({ env }).invoke({ job_type: 'daily', scheduled_time: '2026-03-01T02:00:00Z' });
    await bent.close();
    expect((payload as IngestionAnswer).counts['ticketmaster.events']?.rejected).toBeGreaterThan(0);
    expect((await keysIn(world.aws.url, 'raw-of-a-spec', 'dead-letters/')).length).toBeGreaterThan(0);
  });
});

describe('the function of entities, when rows are wrong and the lake refuses', () => {
  let folder: string;
  let stage: Stage;
  let jobs: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loadin faults '));
    stage = await openStage({ dir: join(folder, 'stage'), rows: 300, leaseSeconds: 2 });
    const rule = `    expect:\n      - { check: range, column: id, min: 10, severity: quarantine }\n    max_rejected: 1\n`;
    const text = (await readFile(join(stage.dir, 'loadin.jobs.yaml'), 'utf8')).replace(/( {2}postgres\.customers:\n)/, `$1${rule}`);
    const s3 = new S3Client({
      endpoint: stage.aws.url,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    });
    await s3.send(new CreateBucketCommand({ Bucket: 'settings-of-a-spec' }));
    await s3.send(new PutObjectCommand({ Bucket: 'settings-of-a-spec', Key: 'jobs.yaml', Body: text }));
    s3.destroy();
    jobs = 's3://settings-of-a-spec/jobs.yaml';
  });
  afterAll(async () => {
    await stage.close();
    await rm(folder, { recursive: true });
  });

  it('keeps rows that break a rule as dead letters, and gives up the uploads of a load that fails', async () => {
    const env = { ...stage.settings, LOADIN_JOBS: jobs, LOADIN_JOB: 'bronze' };
    const lambda = startLocalLambda({ zip: ZIP, functionName: 'bronze', timeoutMs: 60_000, memoryMB: 2048, env });
    try {
      const first = await lambda.invoke({ scheduled_time: at(1), entity: 'customers' });
      expect(first.payload).toMatchObject({ status: 'complete', counts: { 'postgres.customers': { rejected: 9 } } });
      expect((await keysIn(stage.aws.url, 'aws-ecom-pipeline', 'dead-letters/')).length).toBeGreaterThan(0);
      stage.aws.faults.add({ service: 's3', operation: 'UploadPart', key: 'data/bronze/orders/', effect: 'error500' });
      const failed = await lambda.invoke({ scheduled_time: at(2), entity: 'orders' });
      expect((failed.payload as IngestionAnswer).status).not.toBe('complete');
      expect(stage.aws.requests().s3?.['AbortMultipartUpload']).toBeGreaterThan(0);
      stage.aws.faults.clear();
      expect((await lambda.invoke({ scheduled_time: at(2), entity: 'orders' })).payload).toMatchObject({ status: 'complete' });
    } finally {
      await lambda.stop();
    }
  });
});
