import { parseJobsFile } from '@loadin/config';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const docs = join(__dirname, '../../../docs');

describe('the guides', () => {
  it('have a jobs file for bronze that is accepted', () => {
    const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(readFileSync(join(docs, 'bronze.md'), 'utf8')) ?? [];
    const job = parseJobsFile(yaml, 'docs/bronze.md').jobs.get('bronze');
    expect(job?.streams.map(({ id }) => id)).toEqual(['postgres.customers', 'postgres.orders', 'postgres.inventory', 'payments.payments']);
    expect(job?.streams[2]?.options).toMatchObject({ mode: 'incremental', hard_deletes: true });
  });

  it.each(readdirSync(docs).filter((name) => name.endsWith('.md')))('%s leads to files that are there', (name) => {
    const text = readFileSync(join(docs, name), 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].map(([, path = '']) => join(docs, dirname(name), path));
    expect(links.filter((path) => !existsSync(path))).toEqual([]);
  });
});
