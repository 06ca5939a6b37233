import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { CommandResult } from './bundle.fixture.js';
import { startWorld, type World } from './world.fixture.js';

const DAILY = ['run', 'daily', '--at', '2026-03-01T02:00:00Z'];
const AWS_SECRET = 'secret-of-the-good-key';

jest.setTimeout(30_000);

/** An address of this machine where nothing listens. */
async function closedAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

describe('what a user gets wrong', () => {
  let world: World;
  let closed: string;
  beforeAll(async () => {
    world = await startWorld({ credentials: { good: AWS_SECRET } });
    closed = await closedAddress();
  });
  afterAll(async () => world.close());

  /** The text that a user sees: at most one screen, without stack or secret, and stdout is empty. */
  const refusal = ({ stdout, stderr }: CommandResult): string => {
    expect(stdout).toBe('');
    expectDecent(stderr);
    return stderr;
  };
  const expectDecent = (text: string, secrets: readonly string[] = []): void => {
    expect(text.split('\n').length).toBeLessThanOrEqual(34);
    expect(text).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
    expect(text).not.toContain('Unexpected error');
    for (const secret of [AWS_SECRET, world.sources.credentials.spotifyClientSecret, world.sources.credentials.ticketmasterApiKey, ...secrets]) {
      expect(text).not.toContain(secret);
    }
  };

  describe('on the command line ends with status 2', () => {
    it.each<[string, string[], RegExp]>([
      ['an unknown command', ['rum'], /unknown command 'rum'\n\(Did you mean run\?\)/],
      ['an unknown option', ['run', 'daily', '--agian'], /unknown option '--agian'\n\(Did you mean --again\?\)/],
      ['too many arguments', ['run', 'daily', 'hourly'], /too many arguments/],
      ['no job', ['run'], /^Which job\? None is named\n {2}→ For example: loadin run daily/],
      [
        'an unknown job',
        ['run', 'dialy'],
        /^There is no job "dialy"; did you mean "daily"\?\n {2}at jobs\.yaml\n {2}→ It has: daily, hourly, artist_refresh\./,
      ],
      ['two jobs', ['run', 'daily', '--job-type', 'hourly'], /^Two different jobs are named: "daily" and --job-type "hourly"\n {2}→ Name one/],
      [
        'an unknown stream',
        [...DAILY, '--stream', 'concerts'],
        /^The job daily has no stream "concerts"\n {2}→ It has: spotify\.artists, ticketmaster\.venues, /,
      ],
      ['a time that is none', ['run', 'daily', '--at', 'yesterday'], /^"yesterday" is not a time[^]*\n {2}→ Give ISO 8601 with a zone, for example /],
      ['an option without its value', ['run', 'daily', '--at'], /argument missing/],
      [
        'a concurrency that is no number',
        ['run', 'daily', '--concurrency', 'many'],
        /^--concurrency must be a whole number from 1 to 100, is "many"\n$/,
      ],
      ['a concurrency of none', ['run', 'daily', '--concurrency', '0'], /^--concurrency must be a whole number from 1 to 100, is "0"\n$/],
      ['no command', [], /^Usage: loadin /],
    ])('for %s', async (_what, args, text) => {
      const result = await world.loadin(args);
      expect(result.status).toBe(2);
      expect(refusal(result)).toMatch(text);
    });
  });

  describe('in the settings ends with status 2', () => {
    it.each<[string, Record<string, string | undefined>, RegExp]>([
      [
        'all that are missing',
        {
          AWS_REGION: undefined,
          AWS_S3_BUCKET_RAW: undefined,
          API_SPOTIFY_CLIENT_ID: '',
          API_SPOTIFY_CLIENT_SECRET: undefined,
          API_TICKETMASTER_API_KEY: undefined,
        },
        /^5 settings are missing or wrong:\n[^]*CLIENT_ID is missing[^]*CLIENT_SECRET is missing[^]*API_KEY is missing[^]*REGION is missing[^]*BUCKET_RAW is missing[^]*\n {2}→ Set them [^]*\.env\.\n {2}→ or use the local stack: /,
      ],
      [
        'all that are malformed',
        {
          AWS_REGION: 'moon',
          AWS_S3_BUCKET_RAW: 'A B',
          API_RETRY_ATTEMPTS: 'many',
          API_SPOTIFY_BASE_URL: 'ftp://me:password@x',
          CHECKPOINT_STORE: 'redis://x',
        },
        /^5 settings are missing or wrong:\n[^]*"ftp:\/\/\*+@x"\n[^]*"many"\n[^]*a whole number from 0 to 20\n[^]*"moon"[^]*"A B"[^]*"redis:\/\/x"/,
      ],
      ['a jobs file that is missing', { LOADIN_JOBS: 'nowhere.yaml' }, /jobs file can't be read[^]*nowhere\.yaml\n {2}→ LOADIN_JOBS names it/],
      ['a jobs file that is not in the bucket', { LOADIN_JOBS: 's3://raw-of-a-spec/nowhere.yaml' }, /s3:\/\/raw-of-a-spec\/nowhere\.yaml\n {2}→ /],
      [
        'AWS credentials that are missing',
        { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined, AWS_EC2_METADATA_DISABLED: 'true' },
        /no AWS credentials[^]*AWS_ACCESS_KEY_ID/,
      ],
      ['an AWS key that is unknown', { AWS_ACCESS_KEY_ID: 'other' }, /\n {2}→ .*credentials/],
      ['an AWS secret that is wrong', { AWS_SECRET_ACCESS_KEY: 'other' }, /\n {2}→ .*credentials/],
      ['a bucket that does not exist', { AWS_S3_BUCKET_RAW: 'another-bucket' }, /does not exist[^]*s3:\/\/another-bucket\n {2}→ /],
      [
        'a stream that does not exist',
        { AWS_KINESIS_STREAM_NAME: 'another' },
        /does not exist[^]*kinesis:\/\/another\n {2}→ Create it \(streams and tables: "loadin-setup create"\)/,
      ],
      [
        'a table that does not exist',
        { CHECKPOINT_STORE: 'dynamodb://another' },
        /does not exist[^]*dynamodb:\/\/another\n {2}→ Create it \(streams and tables: "loadin-setup create"\)/,
      ],
      [
        'a secret that does not exist',
        { API_TICKETMASTER_API_KEY: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:tm-AbCdEf' },
        /does not exist[^]*secret:tm-AbCdEf\n {2}→ /,
      ],
    ])('for %s', async (_what, env, text) => {
      const result = await world.loadin(DAILY, env);
      expect(refusal(result)).toMatch(text);
      expect(result.status).toBe(2);
    });

    it('for a jobs file with errors, each with line and column', async () => {
      const file = [
        'version: 1',
        'streams:',
        '  spotify.artists:',
        '    querys: [a]',
        '  ticketmaster.events:',
        '    countries: [SE]',
        '    horizon_days: soon',
      ];
      await writeFile(
        join(world.dir, 'bad.yaml'),
        [...file, 'jobs:', '  daily:', '    streams: [spotify.artists, foo.bar]', '    sinks: [s3]', ''].join('\n'),
      );
      const result = await world.loadin(DAILY, { LOADIN_JOBS: 'bad.yaml' });
      expect(result.status).toBe(2);
      expect(refusal(result)).toMatch(
        /^4 problems in the jobs file:\n {2}bad\.yaml:4:5 [^]*\n {2}bad\.yaml:7:19 [^]*\n {2}bad\.yaml:10:32 [^]*\n {2}bad\.yaml:11:13 /,
      );
    });

    it('for an .env that can not be read', async () => {
      await mkdir(join(world.dir, '.env'));
      const result = await world.loadin(DAILY);
      await rm(join(world.dir, '.env'), { recursive: true });
      expect(result.status).toBe(2);
      expect(refusal(result)).toMatch(/\.env can't be read[^]*→ /);
    });
  });

  it('an AWS endpoint where nothing listens ends with status 1 and says where it was looked for', async () => {
    const result = await world.loadin(DAILY, { AWS_ENDPOINT_URL: closed });
    expect(result.status).toBe(1);
    expect(refusal(result)).toMatch(
      new RegExp(`nothing listens there[^]*${closed.replace('http://', '')}[^]*→ Check AWS_ENDPOINT_URL[^]*eval "\\$\\(npx loadin local up\\)"`),
    );
    expect((await world.loadin(['state', 'show'], { AWS_ENDPOINT_URL: closed })).stderr).toContain('Check AWS_ENDPOINT_URL');
  });

  it('has written nothing so far', async () => {
    expect(await world.lake.keys()).toEqual([]);
    expect(await world.lake.stream()).toEqual([]);
    expect((await world.loadin(['state', 'show'])).stdout).toMatch(/^No checkpoint yet/);
  });

  /** What a source answers is known only from the first call: it is in the report. */
  const problems = ({ stdout }: CommandResult): string => /^PROBLEMS\n(?: {2}.*\n)+/m.exec(stdout)?.[0] ?? '';

  describe('about a source is said in the report', () => {
    it.each<[string, string, Record<string, 'closed' | 'wrong-secret-of-a-user'>, number, RegExp]>([
      [
        'a Spotify secret that is wrong',
        'artist_refresh',
        { API_SPOTIFY_CLIENT_SECRET: 'wrong-secret-of-a-user' },
        2,
        /client id and secret[^]*→ Check API_SPOTIFY_CLIENT_ID and API_SPOTIFY_CLIENT_SECRET/,
      ],
      ['a Ticketmaster key that is wrong', 'hourly', { API_TICKETMASTER_API_KEY: 'wrong-secret-of-a-user' }, 2, /→ .*API_TICKETMASTER_API_KEY/],
      [
        'Spotify out of reach',
        'artist_refresh',
        { API_SPOTIFY_BASE_URL: 'closed' },
        1,
        /can't be reached[^]*ECONNREFUSED[^]*→ .*API_SPOTIFY_BASE_URL/,
      ],
      [
        'Spotify accounts out of reach',
        'artist_refresh',
        { API_SPOTIFY_ACCOUNTS_URL: 'closed' },
        1,
        /can't be reached[^]*→ .*API_SPOTIFY_ACCOUNTS_URL/,
      ],
      ['Ticketmaster out of reach', 'hourly', { API_TICKETMASTER_BASE_URL: 'closed' }, 1, /can't be reached[^]*→ .*API_TICKETMASTER_BASE_URL/],
    ])('%s', async (_what, job, wrong, status, text) => {
      const env = Object.fromEntries(Object.entries(wrong).map(([name, value]) => [name, value === 'closed' ? closed : value]));
      const result = await world.loadin(['run', job, '--at', '2026-03-01T02:00:00Z'], { ...env, API_RETRY_BACKOFF: '0.01' });
      expect(problems(result)).toMatch(text);
      expect(result.status).toBe(status);
      expectDecent(result.stdout, ['wrong-secret-of-a-user']);
      expectDecent(result.stderr, ['wrong-secret-of-a-user']);
    });

    it('and no record was written, and no secret into the stored reports and logs', async () => {
      expect(await world.lake.keys('raw/')).toEqual([]);
      expect(await world.lake.stream()).toEqual([]);
      const texts = await Promise.all((await world.lake.keys()).filter((key) => /\.(nd)?json$/.test(key)).map((key) => world.lake.text(key)));
      expect(texts.length).toBeGreaterThan(3);
      expect(texts.join('')).not.toMatch(/wrong-secret-of-a-user|loadin-client-secret|loadin-apikey/);
    });

    it('and the same command goes on once it is mended', async () => {
      const { status, stdout } = await world.loadin(['run', 'hourly', '--at', '2026-03-01T02:00:00Z']);
      expect({ status, first: stdout.split('\n')[0] }).toEqual({ status: 0, first: expect.stringMatching(/attempt 3 · complete/) });
    });
  });
});
