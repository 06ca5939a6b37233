import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JobsFile } from '@loadin/config';
import { createAwsConnections } from './aws-connections.js';
import { loadJobsFile } from './load-jobs-file.js';

const workspace = join(import.meta.dirname, '../../../..');
const load = (path: string): Promise<JobsFile> => loadJobsFile({ jobsFile: { kind: 'file', path } }, createAwsConnections({ region: 'us-east-1' }));

describe('a jobs file that is shown', () => {
  it('is one: examples/bronze.jobs.yaml', async () => {
    const { jobs, warnings } = await load(join(workspace, 'examples/bronze.jobs.yaml'));
    expect(warnings).toEqual([]);
    expect([...jobs.values()].map(({ name, streams }) => [name, streams.length])).toEqual([
      ['bronze', 6],
      ['bronze_products', 1],
    ]);
    expect(jobs.get('bronze')?.streams[1]?.options).toMatchObject({ expect: { length: 5 } });
  });

  it('is one: that of the guide to bronze', async () => {
    const [, text = ''] = /```yaml\n(version: 1\n[^]*?)```/.exec(readFileSync(join(workspace, 'docs/bronze.md'), 'utf8')) ?? [];
    const dir = await mkdtemp(join(tmpdir(), 'loadin guide '));
    await writeFile(join(dir, 'jobs.yaml'), text);
    const { jobs } = await load(join(dir, 'jobs.yaml')).finally(() => rm(dir, { recursive: true }));
    expect(jobs.get('bronze')?.sinks).toEqual(['s3_bronze']);
  });
});
