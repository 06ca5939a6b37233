import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPendingUploads } from './index.js';
import { startLocalS3, type LocalS3 } from './lib/local-s3.fixture.js';

describe('the example of pending uploads in the README', () => {
  let local: LocalS3;
  beforeAll(async () => {
    local = await startLocalS3();
  });
  afterAll(() => local.close());

  it('works as printed', async () => {
    const lines: unknown[] = [];
    const console = { log: (...values: unknown[]) => lines.push(...values) };
    const { client } = local;
    const bucket = await local.bucket();
    const folder = 'data/bronze/orders/ingestion_date=2024-11-08';
    const files = async function* () {
      yield { name: 'part-00000-b2a1c0de.parquet', bytes: [Buffer.from('PAR1')], rows: 1 };
    };

    // example
    const uploads = createPendingUploads({ client, bucket });
    const of = { job: 'bronze', runId: 'b2a1c0de-0000-5000-8000-000000000001', stream: 'orders' };

    const { state } = await uploads.recover(of); // what an earlier attempt has committed becomes visible
    if (state === 'none') {
      const attempt = uploads.attempt(of, { signal: AbortSignal.timeout(600_000) });
      try {
        for await (const { name, bytes, rows } of files()) await attempt.upload(`${folder}/${name}`, bytes, { describe: () => ({ rows }) });
        const { won, record } = await attempt.commit(); // until here nobody sees anything
        const { objects } = await uploads.complete(record); // the winner's, whoever that is
        console.log(won, objects);
      } catch (error) {
        await attempt.abort(); // does nothing once the commit was tried
        throw error;
      }
    }
    // end

    expect(lines).toEqual([true, 1]);
    expect(await local.text(bucket, `${folder}/part-00000-b2a1c0de.parquet`)).toBe('PAR1');
  });

  it('is what was just run', () => {
    const [, indent = '', code = ''] = /^( *)\/\/ example\n([\s\S]*?)^ *\/\/ end$/m.exec(readFileSync(__filename, 'utf8')) ?? [];
    const shown = readFileSync(join(__dirname, '..', 'README.md'), 'utf8');
    expect(code.length).toBeGreaterThan(200);
    expect(shown).toContain(code.replace(new RegExp(`^${indent}`, 'gm'), '').trim());
  });
});
