import * as kinesis from '@aws-sdk/client-kinesis';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stepsOf, useSetupWorld } from './setup-world.fixture.js';

const world = useSetupWorld();

const things = (lines: readonly string[]): string[] => Object.keys(stepsOf(lines)).filter((name) => !name.includes(': '));
const streams = async (): Promise<unknown> => (await world.clients.kinesis.send(new kinesis.ListStreamsCommand({}))).StreamNames;
const jobsFile = (streams: string, sinks: string): string =>
  `version: 1\nstreams:\n  postgres.orders: { table: public.orders, key: [id], cursor: updated_at }\n  ticketmaster.events: { countries: [US] }\njobs:\n  mine: { streams: [${streams}], sinks: [${sinks}] }\n`;

/** As the guide to bronze has them. */
function bronzeAlone(): void {
  const { AWS_ENDPOINT_URL = '', AWS_REGION = '', AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = world.env;
  world.env = { AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, S3_BUCKET_NAME: 'lake-bronze' };
}

describe('bronze alone', () => {
  it.each(['', 'loadin.jobs.yaml'])('gets its bucket and the table of checkpoints, and no stream (jobs file: "%s")', async (file) => {
    bronzeAlone();
    if (file !== '') {
      world.env['LOADIN_JOBS'] = join(world.dir, file);
      writeFileSync(join(world.dir, file), jobsFile('postgres.orders', 's3_bronze'));
    }
    const { status, lines, complaints } = await world.setup('create');
    expect({ status, complaints, things: things(lines) }).toEqual({
      status: 0,
      complaints: '',
      things: ['s3://lake-bronze', 'dynamodb://loadin-checkpoints'],
    });
    const why = file === '' ? 'S3_BUCKET_NAME without AWS_S3_BUCKET_RAW: bronze alone' : `no job of ${join(world.dir, file)} sends to one`;
    expect(lines.at(-1)).toBe(`not needed     a stream (${why})`);
    expect(await streams()).toEqual([]);
    const checked = await world.setup('check');
    expect([checked.status, checked.lines.at(-1)]).toEqual([0, `not needed     a stream (${why})`]);
  });
});

describe('a jobs file', () => {
  it('whose jobs send to the stream asks for it', async () => {
    world.env['LOADIN_JOBS'] = join(world.dir, 'jobs.yaml');
    writeFileSync(join(world.dir, 'jobs.yaml'), jobsFile('ticketmaster.events', 's3_raw, kinesis'));
    expect(things((await world.setup('create')).lines)).toContain('kinesis://concerts');
  });

  it('whose jobs need a bucket that is not named ends with status 2, before anything is called', async () => {
    bronzeAlone();
    world.env['LOADIN_JOBS'] = join(world.dir, 'jobs.yaml');
    writeFileSync(join(world.dir, 'jobs.yaml'), jobsFile('ticketmaster.events', 's3_raw'));
    const { status, complaints } = await world.setup('create');
    expect([status, world.server.requests()]).toEqual([2, {}]);
    expect(complaints).toMatch(/AWS_S3_BUCKET_RAW is missing/);
  });

  it('that is wrong ends with status 2, with the line', async () => {
    world.env['LOADIN_JOBS'] = join(world.dir, 'jobs.yaml');
    writeFileSync(join(world.dir, 'jobs.yaml'), jobsFile('ticketmaster.nothing', 's3_raw'));
    const { status, complaints } = await world.setup('create');
    expect(status).toBe(2);
    expect(complaints).toMatch(/problem.* in the jobs file:\n.*jobs\.yaml:6:/);
  });

  it('in a bucket that is still to be made does not keep it from being made: settings say what is needed', async () => {
    bronzeAlone();
    world.env['LOADIN_JOBS'] = 's3://lake-bronze/jobs.yaml';
    const { status, lines, complaints } = await world.setup('create');
    expect([status, things(lines)]).toEqual([0, ['s3://lake-bronze', 'dynamodb://loadin-checkpoints']]);
    expect(complaints).toMatch(/^Warning: the jobs file can't be read, so what the settings name is taken: .*s3:\/\/lake-bronze\/jobs\.yaml/);
  });
});
