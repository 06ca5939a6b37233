import { runNamedJob } from '@loadin/jobs';
import { loadEnvironment } from '@loadin/config';
import { startServers, type Servers } from '@loadin/specs';
import { createManualClock } from '@loadin/testing';
import { join } from 'node:path';
import { runProgram } from '../program.js';
import type { CostResult } from './result.js';

jest.setTimeout(30_000);

const JOBS = `
version: 1
streams:
  ticketmaster.venues: { countries: [IE] }
jobs:
  venue_refresh: { streams: [ticketmaster.venues], sinks: [s3_raw, kinesis] }
`;
const AT = '2026-03-01T04:00:00Z';
const limits = { ticketmaster: { perSecond: 1e6, perDay: 1e6 } };

let servers: Servers;
const clock = createManualClock(Date.parse(AT));

beforeAll(async () => void (servers = await startServers({ jobs: JOBS, upstreams: { baseDate: '2026-03-01', limits } })));
afterAll(() => servers.close());

async function setup(args: readonly string[], env: Readonly<Record<string, string>> = servers.env) {
  const lines: string[] = [];
  const complaints: string[] = [];
  const output = { print: (line: string) => void lines.push(...line.split('\n')), complain: (text: string) => void complaints.push(text) };
  const status = await runProgram(args, { output, env, cwd: servers.dir, clock });
  return { status, lines, text: lines.join('\n'), complaints: complaints.join('\n') };
}
const result = async (...args: string[]): Promise<CostResult> => JSON.parse((await setup(['cost', '--json', ...args])).text) as CostResult;
const lineOf = ({ month }: CostResult, what: string) => month.lines.find((line) => line.what === what);

describe('loadin-setup cost of records per day', () => {
  const million = ['--records-per-day', '1_000_000', '--record-size', '1KB'];

  it('says what a million records of 1 KB a day cost: 30M units, $0.42, and a shard $10.80', async () => {
    const { status, lines, complaints } = await setup(['cost', ...million, '--shards', '1']);
    expect({ status, complaints }).toEqual({ status: 0, complaints: '' });
    expect(lines).toEqual(
      expect.arrayContaining([
        'A month of 1,000,000 records a day, as the options say; nothing was measured',
        expect.stringMatching(/^Kinesis +shards +720 +shard hours +10\.80$/),
        expect.stringMatching(/^Kinesis +records put +30,000,000 +payload units +0\.42$/),
        expect.stringMatching(/^Total +\d+\.\d\d +-\d+\.\d\d$/),
        'Stream: 231.5 records of 1 KB in the busiest second take 1 shard, of whose records they use 23 %',
        '  - a month has 30 days (720 hours); prices are list prices without taxes',
      ]),
    );
  });

  it('has the figures of earlier guides, reckoned again, when they are asked for', async () => {
    const [without, examples] = [await setup(['cost', ...million]), await setup(['cost', ...million, '--examples'])];
    expect(without.lines.at(-1)).toBe('With --examples: the figures of earlier guides, reckoned again (docs/cost.md)');
    expect(without.text).not.toMatch(/^ {2}(wrong|right) /m);
    expect(examples.lines).toEqual(
      expect.arrayContaining([
        '  wrong  1M records of 1 KB a day: PUT cost of a month: 40 PUT units per 1M records, ~$0.56 is 30M PUT units, $0.42',
        '  right  100 GB in S3: ~$2.30 is $2.30',
      ]),
    );
  });

  it('says the size of records below 1 KB in bytes', async () => {
    const { text } = await setup(['cost', '--records-per-day', '1_000_000', '--record-size', '400', '--shards', '1']);
    expect(text).toContain('Stream: 231.5 records of 400 bytes in the busiest second take 1 shard');
  });

  it('reads nothing, and needs no bucket', async () => {
    const before = servers.aws.requests();
    expect((await setup(['cost', ...million], { AWS_ENDPOINT_URL: servers.aws.url })).status).toBe(0);
    expect(servers.aws.requests()).toEqual(before);
  });

  it('shows what options change: mode, retention, fan-out, Glacier, provisioned concurrency, a state machine', async () => {
    const found = await result(...million, '--mode', 'on-demand', '--glacier-after', '90', '--provisioned-concurrency', '1', '--state-machine');
    expect(found.month.lines.map(({ service, what }) => `${service} ${what}`)).toEqual(
      expect.arrayContaining([
        'Kinesis stream on demand',
        'S3 kept in Glacier Flexible Retrieval',
        'Lambda provisioned instances',
        'Step Functions state transitions of mapped workflows',
      ]),
    );
    const kept = await result(...million, '--shards', '2', '--retention', '168', '--fan-out', '1');
    expect(lineOf(kept, 'retention from 24 hours to 7 days')?.amount).toBeCloseTo(28.8, 2); // 2 × 720 × 0.02
    expect(lineOf(kept, 'fan-out consumers')?.amount).toBeCloseTo(21.6, 2);
    expect(kept.stream).toMatchObject({ mode: 'on_demand', size: { shards: 1 } }); // what is kept is cheaper by the GB
  });

  it('reckons a state machine by the states that its definition enters, and its calls by the slices', async () => {
    const options = [...million, '--runs-per-day', '10', '--seconds-per-run', '60'];
    const [alone, led] = [await result(...options), await result(...options, '--state-machine')];
    // 10 runs a day write 1,000,000 / 5,000 objects and one each: 210 slices.
    expect(lineOf(led, 'state transitions')?.quantity).toBeCloseTo(300 * (12 + 10 + 2 * 5), 5);
    expect(lineOf(led, 'state transitions of mapped workflows')?.quantity).toBeCloseTo(30 * 210 * (1 + 1), 5);
    const consumed = 30_000_000 / 100;
    expect(lineOf(alone, 'requests')?.quantity).toBeCloseTo(300 + consumed, 5);
    expect(lineOf(led, 'requests')?.quantity).toBeCloseTo(30 * (2 * 10 + 210) + consumed, 5);
    // Half a second for each start of a function, at 512 MB, besides a minute for each run and 0.1 s for each batch.
    expect(lineOf(alone, 'duration')?.quantity).toBeCloseTo((300 * 60.5 + consumed * 0.1) / 2, 5);
    expect(alone.month.lines.some(({ service }) => service === 'Step Functions')).toBe(false);
  });

  it('says how many shards the busiest second takes, and how to get them', async () => {
    const { text } = await setup(['cost', ...million, '--peak', '1500', '--shards', '1']);
    expect(text).toContain('1,500 records of 1 KB in the busiest second take 2 shards, of whose records they use 75 %');
    expect(text).toContain('now 1: loadin-setup stream scale --shards 2');
    const higher = await setup(['cost', ...million, '--peak', '2500', '--shards', '3']);
    expect(higher.text).toContain(
      'on demand: on demand costs $32.23 a month; 3 shards, which the busiest second takes, stand idle most of the time for $32.82',
    );
    expect(higher.text).toContain('loadin-setup stream mode on-demand');
  });

  it('names the region whose prices it has when the settings name another', async () => {
    const { text } = await setup(['cost', ...million], { AWS_REGION: 'eu-central-1' });
    expect(text).toContain('prices are those of us-east-1: in eu-central-1 they can be some tenths higher');
  });

  it.each([
    [['--record-size', '1 kilo'], 'Give a size: 900, 1.5KB or 2MB.'],
    [['--record-size', '0'], 'Give a size'],
    [['--records-per-day', '-1'], 'Give a number from 0.'],
    [['--shards', '1.5'], 'Give a whole number from 1.'],
    [['--retention', '9000'], 'Give a whole number from 24 to 8760.'],
    [['--mode', 'cheap'], 'Give provisioned or on-demand.'],
  ])('%j is wrong usage', async (args, message) => {
    expect(await setup(['cost', ...args])).toMatchObject({ status: 2, complaints: expect.stringContaining(message) });
  });
});

describe('loadin-setup cost of what runs have used', () => {
  it('says so when no run has left a report, and what to give instead', async () => {
    expect(await setup(['cost'])).toMatchObject({
      status: 1,
      complaints: expect.stringMatching(/^Error: Nothing has been measured: no run of the last 30 days[^]*--records-per-day 1000000/),
    });
  });

  it('says which settings are missing, not that there was no run, when there is no bucket to look into', async () => {
    expect(await setup(['cost'], { AWS_S3_BUCKET_RAW: '', S3_BUCKET_NAME: '' })).toMatchObject({
      status: 1,
      complaints: expect.stringMatching(
        /^Error: Nothing can be measured: AWS_S3_BUCKET_RAW and S3_BUCKET_NAME are not set\n[^]*--records-per-day 1000000/,
      ),
    });
  });

  it('measures records, bytes and runs by their reports, and a month like the days since the first of them', async () => {
    const environment = loadEnvironment({ cwd: servers.dir, env: { ...servers.env, LOADIN_JOBS: join(servers.dir, 'jobs.yaml') } });
    const reports = [];
    for (const day of ['01', '02', '03', '04']) {
      const at = `2026-03-${day}T04:00:00Z`;
      await clock.sleep(Date.parse(at) - clock.now());
      reports.push(await runNamedJob({ job: 'venue_refresh', environment, clock, at }));
    }
    const [{ ledger, objects } = { ledger: undefined, objects: [] }] = reports[0]?.streams ?? [];
    const found = await result('--keep-days', '30');
    expect(found.measured).toMatchObject({
      runs: 4,
      jobs: [{ job: 'venue_refresh', runs: 4, records: 4 * (ledger?.accepted ?? 0) }],
      raw: { objects: 4 * objects.length },
      landing: { objects: expect.any(Number) },
      stream: { records: 4 * (ledger?.sinks['kinesis']?.delivered ?? 0) },
    });
    expect(found.measured?.days).toBeCloseTo(3, 1);
    expect(found.measured?.landing.bytes).toBeGreaterThan(1_000);
    expect(found.daily.recordBytes).toBeGreaterThan(400);
    expect(found.daily.recordBytes).toBeLessThan(2_000);
    const { records = 0 } = found.measured?.stream ?? {};
    expect(records).toBeGreaterThan(0);
    expect(lineOf(found, 'records put')?.quantity).toBeCloseTo((records / (found.measured?.days ?? 1)) * 30, 5);
    expect((await setup(['cost'])).lines[0]).toMatch(
      /^A month like the 3 days from 2026-03-01 to 2026-03-04: 4 runs \(venue_refresh 4\), [\d,]+ records$/,
    );
  });

  it('leaves out what was before the days that are asked for', async () => {
    expect((await result('--days', '1.5')).measured).toMatchObject({ runs: 2 });
  });
});
