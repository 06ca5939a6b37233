import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEnvironment } from '@loadin/config';
import { planJob, type JobPlan } from '@loadin/jobs';
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
    expect(text).toMatch(/^postgres\.orders +1 +0 +0 +0 +not known before a run has read it$/m);
    expect(text).not.toContain('SOURCE');
    expect(text).toContain('note: nothing is known of earlier runs: S3_BUCKET_NAME or AWS_REGION is not set\n');
  });

  it('says after it how much that one wrote', () => {
    expect(renderPlan({ ...plan, bytes: { ...plan.bytes, bronze: 2_000_000 } })).toMatch(
      /^A run writes about .* of Parquet files, if it finds as much as the last one\.$/m,
    );
  });
});
