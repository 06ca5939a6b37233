import type { NamedTable } from '@loadin/jobs';
import { renderDiscovery } from './discover-text.js';

const column = (name: string, more: { readonly readable?: false } = {}): NamedTable['columns'][number] => ({
  ...{ name, type: { tag: 'int4', sql: 'integer' }, nullable: false, sortedByBytes: false },
  ...more,
});

const table = (more: Partial<NamedTable> = {}): NamedTable => ({
  ...{ schema: 'public', name: 'persons', kind: 'table', stream: 'postgres.persons', columns: [column('id')], primaryKey: ['id'], uniqueKeys: [] },
  ...{ indexed: ['id'], rowEstimate: 3, bytes: 0, readable: true, cursorCandidates: [], suggestion: { mode: 'incremental' } },
  ...more,
});

const rendered = (...tables: NamedTable[]): string => renderDiscovery({ database: 'shop on db:5432', tables, jobsFile: '' }, true);

describe('a list of tables', () => {
  it('says what stands in the way of one that is not read, and what can be done', () => {
    const hidden = (hindrance: NamedTable['hindrance'], more: Partial<NamedTable> = {}): string =>
      rendered(table({ stream: null, readable: false, hindrance, ...more })).replace(/\n +/g, ' ');
    expect(hidden('rights')).toContain('not read  the user may not: GRANT USAGE on the schema and SELECT on the table');
    expect(hidden('columns', { columns: [column('id'), column('salary', { readable: false }), column('name')] })).toMatch(
      /may not read all columns: .* columns: \[id, name\]/,
    );
    expect(hidden('policies')).toContain('row-level security hides rows from the user: ALTER ROLE');
    expect(hidden('empty', { columns: [] })).toContain('not read  it has no columns');
  });

  it('ends with what to do next when there is something to read', () => {
    expect(rendered(table())).toMatch(/^One table in shop on db:5432, about 3 rows\n[^]*loadin discover postgres --write\n$/);
    expect(rendered(table({ readable: false, hindrance: 'rights', stream: null }))).not.toContain('--write');
  });
});
