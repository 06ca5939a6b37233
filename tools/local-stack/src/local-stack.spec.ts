import { ListStreamsCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { awsClientOptions } from '@loadin/aws';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childEnvironment, exportLines, startStack } from './index.js';
import { compareRecords } from './lake-changes.js';
import { rawStem } from './lake-reports.js';
import { openWorld, saveWorld } from './world.js';

describe('the local stack', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'loadin stack '));
  });
  afterEach(() => rm(dir, { recursive: true }));
  const now = Date.parse('2026-03-01T12:00:00Z');

  it('leads any client to servers on this machine, and stops them', async () => {
    const stack = await startStack({ dir, now });
    const endpoint = stack.environment['AWS_ENDPOINT_URL'] ?? '';
    const kinesis = new KinesisClient(
      awsClientOptions({ region: 'us-east-1', endpoint, credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, maxAttempts: 1 }).kinesis,
    );
    expect((await kinesis.send(new ListStreamsCommand({}))).StreamNames).toEqual([]);
    await stack.close();
    await expect(kinesis.send(new ListStreamsCommand({}))).rejects.toThrow(/ECONNREFUSED/);
    kinesis.destroy();
  });

  it('writes a jobs file that the sources understand', async () => {
    const stack = await startStack({ dir, now });
    await stack.close();
    const text = await readFile(stack.environment['LOADIN_JOBS'] ?? '', 'utf8');
    expect(text).toContain('queries: ["midnight", "velvet", "genre:\\"grime\\""]');
  });

  it('remembers the day its world began, and the day it is on', async () => {
    expect(await openWorld(dir, now)).toEqual({ baseDate: '2026-03-01', day: 0 });
    await saveWorld(dir, { baseDate: '2026-03-01', day: 3 });
    expect(await openWorld(dir, now + 86_400_000)).toEqual({ baseDate: '2026-03-01', day: 3 });
  });
});

describe('what a child process is told', () => {
  it('is nothing of the AWS and API settings that lie in the environment', () => {
    const own = {
      PATH: '/bin',
      AWS_PROFILE: 'production',
      AWS_SECRET_ACCESS_KEY: 'real',
      API_TICKETMASTER_API_KEY: 'real',
      S3_BUCKET_NAME: 'real',
      HOME: '/home/me',
      NODE_OPTIONS: '--inspect',
    };
    expect(childEnvironment(own, { AWS_REGION: 'us-east-1' })).toEqual({ PATH: '/bin', HOME: '/home/me', AWS_REGION: 'us-east-1' });
  });

  it('is quoted for a shell', () => {
    expect(exportLines({ A: 'http://127.0.0.1:1', B: "it's here" })).toBe(`export A=http://127.0.0.1:1\nexport B='it'\\''s here'\n`);
  });
});

describe('two runs compared', () => {
  it('by id and by hash', () => {
    const before = new Map([
      ['1', { id: '1', n: 1 }],
      ['2', { id: '2', n: 1 }],
      ['3', { id: '3', n: 1 }],
    ]);
    const after = new Map([
      ['1', { n: 1, id: '1' }],
      ['2', { id: '2', n: 2 }],
      ['4', { id: '4', n: 1 }],
    ]);
    expect(compareRecords(before, after)).toEqual({
      added: [{ id: '4', n: 1 }],
      changed: [{ id: '2', before: { id: '2', n: 1 }, after: { id: '2', n: 2 } }],
      gone: 1,
      same: 1,
    });
  });

  it.each([
    's3://b/raw/x/events/year=2024/month=11/day=08/events_20241108_020000.json',
    's3://b/raw/x/events/year=2024/month=11/day=08/events_20241108_020000_00101.json.gz',
  ])('finds all objects of a run from %s', (uri) => expect(rawStem(uri)).toBe('raw/x/events/year=2024/month=11/day=08/events_20241108_020000'));
});
