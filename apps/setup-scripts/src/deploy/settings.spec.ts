import { loadEnvironment } from '@loadin/config';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../program.js';

const cwd = mkdtempSync(join(tmpdir(), 'loadin settings-'));
afterAll(() => rmSync(cwd, { recursive: true }));

async function settings(environments: string): Promise<{ status: number; printed: string; complaints: string }> {
  writeFileSync(join(cwd, 'loadin.environments.yaml'), `{ version: 1, environments: { dev: ${environments} } }`);
  const [printed, complaints]: [string[], string[]] = [[], []];
  const output = { print: (line: string) => void printed.push(line), complain: (text: string) => void complaints.push(text) };
  const status = await runProgram(['settings', '--environment', 'dev'], { output, env: {}, cwd });
  return { status, printed: printed.join('\n'), complaints: complaints.join('\n') };
}

/** As commands read them from `.env`. */
async function read(environments: string): Promise<Record<string, string | undefined>> {
  writeFileSync(join(cwd, '.env'), `${(await settings(environments)).printed}\n`);
  const environment = loadEnvironment({ cwd, env: {} });
  return Object.fromEntries(environment.names.map((name) => [name, environment.get(name)?.value]));
}

describe('loadin-setup settings', () => {
  it('prints what leads commands on this machine to what was deployed', async () => {
    const secret = (name: string): string => `arn:aws:secretsmanager:eu-west-1:123456789012:secret:loadin-dev/${name}`;
    expect(await read(`{ account: '123456789012', region: eu-west-1, suffix: -dev }`)).toEqual({
      AWS_REGION: 'eu-west-1',
      AWS_S3_BUCKET_RAW: 'concert-data-raw-dev-123456789012-eu-west-1',
      S3_BUCKET_NAME: 'concert-data-bronze-dev-123456789012-eu-west-1',
      AWS_KINESIS_STREAM_NAME: 'concert-data-stream-dev',
      CHECKPOINT_STORE: 'dynamodb://loadin-checkpoints-dev',
      API_SPOTIFY_CLIENT_ID: secret('spotify'),
      API_SPOTIFY_CLIENT_SECRET: secret('spotify'),
      API_TICKETMASTER_API_KEY: secret('ticketmaster'),
    });
  });

  it('names the jobs file of the environment, wherever that lies', async () => {
    const jobs = 'streams: { ticketmaster.events: { countries: [SE] } }\njobs: { hourly: { streams: [ticketmaster.events], sinks: [s3_raw] } }\n';
    writeFileSync(join(cwd, 'my.jobs.yaml'), `version: 1\n${jobs}`);
    expect(await read(`{ account: '123456789012', region: eu-west-1, jobs_file: my.jobs.yaml }`)).toMatchObject({
      LOADIN_JOBS: join(cwd, 'my.jobs.yaml'),
      LOADIN_JOB: 'hourly',
    });
  });

  it('says what is wrong with the environments file', async () => {
    expect(await settings(`{ region: eu-west-1 }`)).toEqual({ status: 2, printed: '', complaints: expect.stringContaining('dev lacks account') });
  });
});
