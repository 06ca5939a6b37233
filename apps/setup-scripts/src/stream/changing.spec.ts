import { UpdateShardCountCommand, UpdateStreamModeCommand } from '@aws-sdk/client-kinesis';
import { scaleSteps } from './scale-steps.js';
import { STREAM, useStreamWorld } from './stream-world.fixture.js';

jest.setTimeout(20_000);
const world = useStreamWorld();

describe('loadin-setup stream scale', () => {
  it('shows what will be, doubles as often as it takes, and waits until the stream is ACTIVE after each step', async () => {
    const { status, lines, complaints } = await world.run('scale', '--shards', '5', '--yes');
    expect({ status, complaints }).toEqual({ status: 0, complaints: '' });
    expect(lines).toEqual([
      'Stream concerts',
      '  now   1 shard: writes 1 MB/s and 1,000 records/s, reads 2 MB/s, $10.80 a month and the records',
      '  then  5 shards: writes 5 MB/s and 5,000 records/s, reads 10 MB/s, $54.00 a month and the records',
      '  in 3 of the 10 steps that AWS allows in 24 hours: 1 → 2 → 4 → 5',
      'changed        kinesis://concerts: 2 shards',
      'changed        kinesis://concerts: 4 shards',
      'changed        kinesis://concerts: 5 shards',
      'Records of before stay in the closed shards until their retention is over; set AWS_KINESIS_SHARD_COUNT to what is there now.',
    ]);
    expect(await world.summary()).toMatchObject({ StreamStatus: 'ACTIVE', OpenShardCount: 5 });
    expect(world.server.requests().kinesis).toMatchObject({ UpdateShardCount: 3 });
  });

  it('says so when there is nothing to do', async () => {
    expect((await world.run('scale', '--shards', '1')).lines).toEqual(['already there  kinesis://concerts: 1 shard']);
  });

  it('asks whoever sits there, and takes nothing but yes for it', async () => {
    world.answer = 'no';
    expect(await world.run('scale', '--shards', '2')).toMatchObject({ status: 0, lines: expect.arrayContaining(['Nothing was changed.']) });
    expect(await world.summary()).toMatchObject({ OpenShardCount: 1 });
    world.answer = 'yes';
    await world.run('scale', '--shards', '2');
    expect(await world.summary()).toMatchObject({ OpenShardCount: 2 });
    expect(world.asked).toEqual(['Shall it be done? (yes/no) ', 'Shall it be done? (yes/no) ']);
  });

  it('needs --yes where nobody can be asked', async () => {
    expect(await world.run('scale', '--shards', '2')).toMatchObject({
      status: 1,
      complaints: expect.stringMatching(/nobody can be asked here\n {2}→ .*--yes/),
    });
    expect(await world.summary()).toMatchObject({ OpenShardCount: 1 });
  });

  it('says what AWS allows when the steps of the day are used up, and how far it came', async () => {
    for (let i = 0; i < 9; i += 1) {
      await world.client.send(
        new UpdateShardCountCommand({ StreamName: STREAM, TargetShardCount: i % 2 === 0 ? 2 : 1, ScalingType: 'UNIFORM_SCALING' }),
      );
      await world.clock.sleep(3_000);
    }
    const { status, lines, complaints } = await world.run('scale', '--shards', '8', '--yes');
    expect(status).toBe(1);
    expect(lines.at(-1)).toBe('changed        kinesis://concerts: 4 shards');
    expect(complaints).toMatch(
      /AWS does not scale concerts from 4 to 8 shards: [^]*→ A stream is scaled 10 times in 24 hours.*It has 4 shards now; the same command goes on from there\.$/,
    );
    await world.clock.sleep(24 * 3_600_000);
    expect((await world.run('scale', '--shards', '8', '--yes')).status).toBe(0);
  });

  it('refuses before the first call what takes more than ten steps', async () => {
    const { complaints } = await world.run('scale', '--shards', '2000', '--yes');
    expect(complaints).toContain('That takes 11 steps, and AWS allows 10 in 24 hours');
    expect(complaints).toContain('Scale to 1024 today and further tomorrow');
    expect(world.server.requests().kinesis).not.toHaveProperty('UpdateShardCount');
  });

  it.each([
    [1, 5, [2, 4, 5]],
    [5, 1, [3, 2, 1]],
    [7, 1, [4, 2, 1]],
    [3, 3, []],
    [100, 201, [200, 201]],
  ])('goes from %i to %i in steps of at most double and at least half', (before, after, steps) => {
    expect(scaleSteps(before, after)).toEqual(steps);
  });
});

describe('loadin-setup stream retention', () => {
  it('shows what longer retention costs, sets it and waits', async () => {
    const { status, lines } = await world.run('retention', '--hours', '240', '--yes');
    expect(status).toBe(0);
    expect(lines).toEqual([
      'Stream concerts',
      '  now   24 hours (1 day): $10.80 a month and the records',
      '  then  240 hours (10 days): $25.20 a month and the records',
      '  beyond 7 days each GB costs $0.023 a month more',
      'changed        kinesis://concerts: retention (240 hours (10 days))',
    ]);
    expect(await world.summary()).toMatchObject({ StreamStatus: 'ACTIVE', RetentionPeriodHours: 240 });
    expect((await world.run('retention', '--hours', '240')).lines).toEqual(['already there  kinesis://concerts: retention (240 hours (10 days))']);
  });

  it('says what a shorter one loses', async () => {
    await world.run('retention', '--hours', '48', '--yes');
    const { lines } = await world.run('retention', '--hours', '24', '--yes');
    expect(lines).toContain("  records that are older than 24 hours (1 day) can't be read any more, at once and for good");
    expect(await world.summary()).toMatchObject({ RetentionPeriodHours: 24 });
  });

  it.each(['23', '8761', 'week'])('takes 24 to 8760 hours, not %s', async (hours) => {
    expect(await world.run('retention', '--hours', hours)).toMatchObject({
      status: 2,
      complaints: expect.stringMatching(/Give a whole number from 24/),
    });
  });
});

describe('loadin-setup stream mode', () => {
  it('shows both prices, switches and waits', async () => {
    const { status, lines } = await world.run('mode', 'on-demand', '--yes');
    expect(status).toBe(0);
    expect(lines).toEqual([
      'Stream concerts',
      '  now   provisioned: $10.80 a month and the records; records cost $0.014 a million units of 25 KB',
      '  then  on demand: $28.80 a month and the records; records cost $0.08 a GB written and $0.04 a GB read',
      '  AWS scales it by itself: to double the highest rate of the last 30 days',
      '  AWS allows 2 switches in 24 hours',
      'changed        kinesis://concerts: on demand',
    ]);
    expect((await world.summary())?.StreamModeDetails).toEqual({ StreamMode: 'ON_DEMAND' });
    expect((await world.run('mode', 'on-demand')).lines).toEqual(['already there  kinesis://concerts: on demand']);
    expect((await world.run('scale', '--shards', '4', '--yes')).complaints).toMatch(/on demand: AWS itself scales it[^]*stream mode provisioned/);
  });

  it('says what AWS allows when it was switched twice', async () => {
    const StreamARN = (await world.summary())?.StreamARN;
    for (const StreamMode of ['ON_DEMAND', 'PROVISIONED'] as const) {
      await world.client.send(new UpdateStreamModeCommand({ StreamARN, StreamModeDetails: { StreamMode } }));
      await world.clock.sleep(3_000);
    }
    expect((await world.run('mode', 'on-demand', '--yes')).complaints).toMatch(
      /AWS does not switch concerts: [^]*→ The mode can be switched 2 times in 24 hours/,
    );
  });

  it('takes one of the two', async () => {
    expect(await world.run('mode', 'auto')).toMatchObject({ status: 2, complaints: expect.stringContaining('Give provisioned or on-demand.') });
  });
});

describe('loadin-setup stream fan-out', () => {
  it('adds, lists and removes consumers, and says what each costs', async () => {
    const added = await world.run('fan-out', '--add', 'analytics', '--yes');
    expect(added.lines).toEqual([
      'Stream concerts',
      '  now   0 of 20 consumers: $10.80 a month and the records',
      '  then  1 of 20 consumers: $21.60 a month and the records',
      expect.stringMatching(/^created +kinesis:\/\/concerts: consumer analytics \(arn:aws:kinesis:.*\/consumer\/analytics:\d+\)$/),
    ]);
    expect((await world.run('fan-out', '--add', 'analytics')).lines).toEqual(['already there  kinesis://concerts: consumer analytics']);
    expect((await world.run('fan-out')).lines).toEqual([
      'Stream concerts: 1 of 20 consumers with a throughput of their own',
      expect.stringMatching(/^ {2}analytics {2}ACTIVE {2}arn:/),
    ]);
    const removed = await world.run('fan-out', '--remove', 'analytics', '--yes');
    expect(removed.lines.slice(-2)).toEqual([
      '  what reads as analytics reads nothing more',
      'changed        kinesis://concerts: consumer analytics removed',
    ]);
    expect((await world.run('fan-out', '--remove', 'analytics')).complaints).toMatch(/concerts has no consumer analytics[^]*It has none\./);
  });

  it('knows that there are at most 20', async () => {
    for (let i = 0; i < 20; i += 1) await world.run('fan-out', '--add', `consumer-${i}`, '--yes');
    expect((await world.run('fan-out', '--add', 'one-more', '--yes')).complaints).toMatch(/concerts has 20 consumers, as many as AWS allows/);
  });

  it.each([
    [['--add', 'two words'], /Give up to 128 letters/],
    [['--add', 'a', '--remove', 'b'], /cannot be used with option/],
  ])('%j is wrong usage', async (args, message) => {
    expect(await world.run('fan-out', ...args)).toMatchObject({ status: 2, complaints: expect.stringMatching(message) });
  });
});

it('says that there is no such stream, and what to do', async () => {
  expect(await world.run('scale', '--shards', '2', '--stream', 'other')).toMatchObject({
    status: 1,
    complaints: 'Error: There is no stream other\n  at kinesis://other\n  → Run loadin-setup create, or name another with --stream.',
  });
});
