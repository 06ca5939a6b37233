import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startWorld, type World } from './world.fixture.js';

jest.setTimeout(30_000);

/** `OK bucket`, `WRONG stream`: the lines' first two words, in order. */
const verdicts = (stdout: string): string[] =>
  [...stdout.matchAll(/^(OK|WRONG) +((?:\S+ )*\S+) {2,}/gm)].map(([, verdict, name]) => `${verdict} ${name}`);
/** The lines about one thing, without the others. */
const linesOf = (stdout: string, name: string): string => new RegExp(`^\\w+ +${name} {2,}.*\\n(?: {10,}.*\\n)*`, 'm').exec(stdout)?.[0] ?? '';

describe('loadin check', () => {
  let world: World;
  beforeAll(async () => (world = await startWorld({ credentials: { good: 'secret-of-the-good-key' } })));
  afterAll(async () => world.close());

  it('finds everything ready, with status 0', async () => {
    const { status, stdout, stderr } = await world.loadin(['check']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const names = ['jobs file', 'settings', 'bucket', 'permissions', 'stream', 'state', 'clock', 'Spotify', 'Ticketmaster'];
    expect(verdicts(stdout)).toEqual(expect.arrayContaining(names.map((name) => `OK ${name}`)));
    expect(stdout).not.toContain('WRONG');
    expect(stdout).toMatch(/\n\nAll is ready: loadin run daily\n$/);
  });

  it.each<[string, string, Record<string, string>, number?]>([
    ['a bucket', 'bucket', { AWS_S3_BUCKET_RAW: 'another-bucket' }],
    ['a stream', 'stream', { AWS_KINESIS_STREAM_NAME: 'another' }],
    ['a table', 'state', { CHECKPOINT_STORE: 'dynamodb://another' }],
    ['the Spotify secret', 'Spotify', { API_SPOTIFY_CLIENT_SECRET: 'mistyped-secret' }],
    ['the Ticketmaster key', 'Ticketmaster', { API_TICKETMASTER_API_KEY: 'mistyped-key' }],
    ['the AWS secret', 'stream', { AWS_SECRET_ACCESS_KEY: 'mistyped-secret' }],
    ['the jobs file', 'jobs file', { LOADIN_JOBS: 'nowhere.yaml' }],
    ['a setting that is missing', 'settings', { AWS_REGION: '' }, 2],
    ['a setting', 'settings', { LOG_LEVEL: 'loud' }, 2],
  ])('names %s that is wrong, says what to do, and ends with status 1, for settings with 2', async (_what, name, env, expected = 1) => {
    const { status, stdout } = await world.loadin(['check'], env);
    expect(status).toBe(expected);
    expect(linesOf(stdout, name)).toMatch(/^WRONG [^]*\n {21}(→ |expected: ).+/);
    const wrong = verdicts(stdout).filter((verdict) => verdict.startsWith('WRONG')).length;
    expect(stdout.split('\n\n').at(-1)).toBe(`${wrong === 1 ? '1 line is' : `${wrong} lines are`} WRONG: see above what to mend.\n`);
    expect(stdout).not.toMatch(/mistyped|secret-of-the-good-key/);
  });

  it('names the local stack where settings are missing', async () => {
    const hint = '→ or use the local stack: eval "$(npx loadin local up)"; all settings: docs/settings.md\n';
    expect((await world.loadin(['check'], { AWS_REGION: '' })).stdout).toContain(hint);
    expect((await world.loadin(['check'], { LOG_LEVEL: 'loud' })).stdout).not.toContain('local stack');
  });

  it('looks at the rest when one thing is wrong', async () => {
    const { stdout } = await world.loadin(['check'], { CHECKPOINT_STORE: 'dynamodb://another' });
    expect(verdicts(stdout).filter((verdict) => verdict.startsWith('WRONG'))).toEqual(['WRONG state']);
  });

  it('finds all settings in .env as well, the AWS keys and addresses included', async () => {
    const file = join(world.dir, '.env');
    await writeFile(
      file,
      Object.entries(world.env)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    );
    const { status, stdout } = await world.loadin(['check'], Object.fromEntries(Object.keys(world.env).map((name) => [name, undefined])));
    await rm(file);
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.not.stringContaining('WRONG') });
  });

  it('leaves nothing behind but its own small object', async () => {
    expect(await world.lake.keys()).toEqual(['_loadin/checks/write.json']);
  });
});
