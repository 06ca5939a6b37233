import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEnvironment } from '@loadin/config';
import { planJob, type JobPlan, type StreamNeed } from '@loadin/jobs';
import { renderPlan } from './plan.js';

const JOBS = `version: 1
streams:
  postgres.orders: { table: orders, key: [id], cursor: updated_at }
  postgres.log: { table: log, mode: full }
jobs:
  bronze: { streams: [postgres.orders, postgres.log], sinks: [s3_bronze] }
`;

describe('the plan of a bronze job', () => {
  let dir: string;
  let plan: JobPlan;
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'loadin plan '));
    writeFileSync(join(dir, 'jobs.yaml'), JOBS);
    const environment = loadEnvironment({ cwd: dir, env: { LOADIN_JOBS: join(dir, 'jobs.yaml') } });
    plan = await planJob({ job: 'bronze', environment, at: '2026-03-01T02:00:00Z' });
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  it('says what is not known before a run, and nothing of calls, of which a database counts none', () => {
    const text = renderPlan(plan);
    expect(text).toContain('How much a run writes is not known before the first one.\n');
    expect(text).toMatch(/^postgres\.orders +1 +0 +0 +\? +not known before a run has read it$/m);
    expect(text).not.toMatch(/SOURCE|slices of/);
    expect(text).toContain('note: nothing is known of earlier runs: S3_BUCKET_NAME or AWS_REGION is not set\n');
  });

  it('marks how many records it expects as an estimate, and names slices where there are several', () => {
    const [orders, log] = plan.streams as [StreamNeed, StreamNeed];
    const last = { run_id: 'r', scheduled_time: plan.scheduled_time, pages: 1, records: 1_200_000, bytes_read: 1, duration_ms: 1_000 };
    const known = { ...orders, last, records: { least: 0, expected: 1_200_000, most: null } };
    const text = renderPlan({ ...plan, streams: [known, { ...log, slices: ['DE', 'SE'], records: { least: 40, expected: 40, most: 40 } }] });
    expect(text).toMatch(/^postgres\.orders +1 +0 +0 +~1,200,000 /m);
    expect(text).toMatch(/^postgres\.log +2 +0 +0 +40 /m);
    expect(text.match(/^slices of .*/gm)).toEqual(['slices of postgres.log: DE, SE']);
  });

  it('says of a source without an earlier run what is assumed, and names its one slice where that is a part', () => {
    const venues: StreamNeed = {
      ...(plan.streams[0] as StreamNeed),
      ...{ stream: 'ticketmaster.venues', slices: ['IE'], records: { least: 0, expected: 1_500, most: null } },
    };
    const text = renderPlan({ ...plan, streams: [venues] });
    expect(text).toMatch(/^ticketmaster\.venues +1 +0 +0 +~1,500 /m);
    expect(text).toContain('\nslices of ticketmaster.venues: IE\n');
  });

  it('says after it how much that one wrote', () => {
    expect(renderPlan({ ...plan, bytes: { ...plan.bytes, bronze: 2_000_000 } })).toMatch(
      /^A run writes about .* of Parquet files, if it finds as much as the last one\.$/m,
    );
  });
});
