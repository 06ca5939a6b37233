import { GetObjectTaggingCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { awsClientOptions } from '@loadin/aws';
import type { VerifiedRun } from '@loadin/pipeline';
import { writeFile } from 'node:fs/promises';
import { verifyJobRuns } from './operations/verify.js';
import { planNamedJob } from './named-phases.js';
import { replayJobs } from './replay-jobs.js';
import { AT, startWorld, type World } from './world.fixture.js';

const JOBS = `
version: 1
sinks:
  s3_raw: { gzip: true, kms_key: alias/lake, tags: { team: data }, storage_class: STANDARD_IA }
streams:
  ticketmaster.venues: { countries: [SE] }
jobs:
  venue_refresh: { streams: [ticketmaster.venues], sinks: [s3_raw] }
`;
const KEY = 'raw/ticketmaster/venues/year=2026/month=03/day=01/venues_20260301_020000.json.gz';

describe('options of sinks in the jobs file', () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld({ jobs: JOBS });
  });
  afterEach(() => world.close());

  it('decide how raw objects are kept, those of a replay too, and what is so kept can be verified', async () => {
    const report = await world.run('venue_refresh');
    expect(report).toMatchObject({ status: 'complete', problems: [] });
    expect(await world.lake.keys('raw/')).toEqual([KEY]);
    const connection = { region: 'us-east-1', endpoint: world.aws.url, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
    const client = new S3Client(awsClientOptions(connection).s3);
    const address = { Bucket: world.bucket, Key: KEY };
    expect(await client.send(new HeadObjectCommand(address))).toMatchObject({
      ContentType: 'application/gzip',
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: 'alias/lake',
      StorageClass: 'STANDARD_IA',
    });
    expect((await client.send(new GetObjectTaggingCommand(address))).TagSet).toEqual([{ Key: 'team', Value: 'data' }]);
    client.destroy();
    const replay = await replayJobs({ environment: world.environment(), from: AT, to: AT, clock: world.clock });
    expect(replay.runs[0]?.streams[0]?.objects).toMatchObject([{ uri: `s3://${world.bucket}/${KEY}`, existed: true }]);
    const verified: VerifiedRun[] = [];
    const selection = { run: report.run_id };
    await verifyJobRuns({ environment: world.environment(), selection, onStream: false, clock: world.clock, onRun: (run) => verified.push(run) });
    expect(verified).toMatchObject([{ differences: 0, streams: [{ objects: 1 }] }]);
  });

  it('that would leave a part of an unfinished run twice are refused before anything is read, by a dry run too', async () => {
    await planNamedJob({ job: 'venue_refresh', environment: world.environment(), at: AT, clock: world.clock });
    await writeFile(world.env.LOADIN_JOBS, JOBS.replace('gzip: true', 'gzip: false'));
    const refusal = { action: 'fatal', message: expect.stringMatching(/^s3_raw would write json, and this run has begun with json\.gz/) };
    await expect(world.run('venue_refresh')).rejects.toMatchObject(refusal);
    await expect(world.run('venue_refresh', { dryRun: true })).rejects.toMatchObject(refusal);
    expect(world.sources.requests().byApi.ticketmaster.calls).toBe(0);
    await writeFile(world.env.LOADIN_JOBS, JOBS);
    expect(await world.run('venue_refresh')).toMatchObject({ status: 'complete' });
    expect(await world.lake.keys('raw/')).toEqual([KEY]);
  });
});
