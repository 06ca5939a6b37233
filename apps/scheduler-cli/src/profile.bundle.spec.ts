import { PutObjectCommand } from '@aws-sdk/client-s3';
import { openCopyInspector, printProfile, profileKey, type Profile } from '@loadin/quality';
import { BUCKET } from '@loadin/specs';
import { startWorld, type World } from './world.fixture.js';

jest.setTimeout(30_000);

async function profileOf(day: string, states: readonly string[]): Promise<Profile> {
  const load = {
    job: 'bronze',
    runId: 'r',
    stream: 'postgres.orders',
    entity: 'orders',
    ingestionId: `load-${day}`,
    loadType: 'full' as const,
    scheduledTime: `${day}T02:00:00Z`,
  };
  const inspector = await openCopyInspector({ load, columns: [{ name: 'status', type: 'text' }] });
  const bytes = Buffer.from(states.join('\n'));
  const ends = Int32Array.from(states, (_, n) => states.slice(0, n + 1).join('\n').length);
  inspector.inspectBlock({ bytes, count: states.length, starts: Int32Array.from(ends, (end, n) => end - (states[n]?.length ?? 0)), ends });
  return (await inspector.finish()).profile as Profile;
}

describe('loadin profile, as a command on real servers', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
    const mixed = (count: number, share: number) => Array.from({ length: count }, (_, n) => (n % 10 < share ? 'paid' : 'open'));
    for (const profile of [await profileOf('2026-03-01', mixed(400, 9)), await profileOf('2026-03-02', mixed(500, 2))])
      await world.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: profileKey('orders', profile.ingestion_id), Body: printProfile(profile) }));
  });
  afterAll(() => world.close());

  const profile = (...args: string[]) => world.loadin(['profile', ...args], { S3_BUCKET_NAME: BUCKET });

  it('draws the latest load and what has drifted, without colours in a pipe', async () => {
    const { stdout, stderr, status } = await profile('orders');
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(stdout).toBe(
      [
        'orders · full load of 2026-03-02 02:00:00 UTC · 500 rows',
        'rows of the last 2 full loads ▇█ 400 to 500',
        '',
        'COLUMN  TYPE  NULLS  DISTINCT  LEAST  MEDIAN   GREATEST  SHAPE',
        'status  text  –      2         open   4 bytes  paid      █▂ open 80 % · paid 20 %',
        '',
        'Drift against the full load of 2026-03-01 02:00:00 UTC:',
        '  status has its values in other shares (PSI 2.51)',
        '',
        `s3://${BUCKET}/_loadin/profiles/orders/`,
        '',
      ].join('\n'),
    );
  });

  it('gives the same as JSON', async () => {
    const { stdout } = await profile('orders', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      profile: { entity: 'orders', rows: 500 },
      before: { rows: 400 },
      drift: [{ kind: 'distribution', column: 'status' }],
      loads: [{ rows: 400 }, { rows: 500 }],
    });
  });

  it.each([
    ['an entity without a profile', ['order'], /^There is no profile of a load of "order"/],
    ['another kind of load', ['orders', '--load-type', 'some'], /^--load-type is "some"\n {2}→ Give full or incremental\./],
  ])('refuses %s with status 2', async (_what, args, text) => {
    const { stdout, stderr, status } = await profile(...args);
    expect({ stdout, status }).toEqual({ stdout: '', status: 2 });
    expect(stderr).toMatch(text);
  });
});
