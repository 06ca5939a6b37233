import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { RunReport, VerifiedRun } from '@loadin/pipeline';
import { BUCKET } from '@loadin/specs';
import { startWorld, type World } from './world.fixture.js';

jest.setTimeout(30_000);

describe('loadin verify, as a command on real servers', () => {
  let world: World;
  let report: RunReport;
  beforeAll(async () => {
    world = await startWorld();
    const ran = await world.loadin(['run', 'daily', '--at', '2026-03-01T02:00:00Z', '--stream', 'venues', '--stream', 'events', '--json']);
    report = JSON.parse(ran.stdout) as RunReport;
  });
  afterAll(() => world.close());

  const keyOf = (stream: string): string =>
    report.streams.find((one) => one.stream === stream)?.objects[0]?.uri.slice(`s3://${BUCKET}/`.length) ?? '';

  it('ends with status 0 when lake and stream hold what the report says', async () => {
    const { status, stdout, stderr } = await world.loadin(['verify']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`run ${report.run_id}\\n`));
    expect(stdout).toMatch(/\nThe run is as reported\.\n$/);
    const json = await world.loadin(['verify', '--run', report.run_id, '--json']);
    const verified = JSON.parse(json.stdout) as VerifiedRun;
    for (const { stream, records, on_stream, differences, notes } of verified.streams) {
      const delivered = report.streams.find((one) => one.stream === stream)?.ledger.sinks['s3_raw']?.delivered;
      expect({ stream, records, matched: on_stream?.matched, differences, notes }).toEqual({
        stream,
        records: delivered,
        matched: delivered,
        differences: [],
        notes: [],
      });
    }
  });

  it('waits when the stream gives no more at the moment', async () => {
    world.aws.faults.add({ service: 'kinesis', operation: 'GetRecords', effect: 'throttle', nth: 1 });
    const { status } = await world.loadin(['verify', '--stream', 'ticketmaster.events', '--last', '2']);
    expect({ status, fired: world.aws.faults.list()[0]?.fired }).toEqual({ status: 0, fired: 1 });
    world.aws.faults.clear();
  });

  it('ends with status 1 and names each object that differs', async () => {
    const [events, venues] = [keyOf('ticketmaster.events'), keyOf('ticketmaster.venues')];
    const { Body } = await world.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: events }));
    const text = (await Body?.transformToString()) ?? '';
    await world.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: events, Body: text.replace('"status":"', '"status":"x') }));
    await world.s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: venues }));
    const { status, stdout } = await world.loadin(['verify', '--run', report.job, report.scheduled_time]);
    expect(status).toBe(1);
    expect(stdout).toContain(`  s3://${BUCKET}/${venues}\n    it is not there\n`);
    expect(stdout).toMatch(new RegExp(`  s3://${BUCKET}/${events}\n    MD5 of its content is [0-9a-f]{32}, reported is `));
    expect(stdout).toContain('records that differ from those of the lake: ticketmaster_');
    const alone = await world.loadin(['verify', '--stream', 'ticketmaster.venues', '--lake-only', '--json']);
    expect(alone.status).toBe(1);
    expect((JSON.parse(alone.stdout) as VerifiedRun).streams).toMatchObject([
      { stream: 'ticketmaster.venues', on_stream: null, differences: [{ kind: 'missing' }] },
    ]);
  });

  it.each([
    ['two runs', ['--run', 'daily', '2026-03-01T02:00:00Z', 'hourly'], /^--run names one run, and "hourly" is too much/],
    ['a run and a stream', ['--run', 'x', '--stream', 'y'], /^--run and --stream are both given/],
    ['--last without a stream', ['--last', '3'], /^--last needs --stream/],
    ['a stream that no run has', ['--stream', 'events'], /^No run has a report of the stream "events"/],
  ])('refuses %s with status 2', async (_what, args, text) => {
    const { stdout, stderr, status } = await world.loadin(['verify', ...args]);
    expect({ stdout, status }).toEqual({ stdout: '', status: 2 });
    expect(stderr).toMatch(text);
  });
});
