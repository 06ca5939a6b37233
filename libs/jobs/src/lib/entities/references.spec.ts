import { parseJobsFile, type JobDefinition } from '@loadin/config';
import { referencesOf } from './references.js';

/** A job of tables, by name: the key, and what is expected. */
function job(
  tables: Readonly<Record<string, { readonly key?: string; readonly refers?: readonly string[] }>>,
  more: readonly string[] = [],
): JobDefinition {
  const streams = Object.entries(tables).map(([name, { key = '[id]', refers = [] }]) => {
    const expect = refers.map(
      (to) => `{ check: reference, column: other, entity: ${to.split('.')[0]}${to.includes('.') ? `, entity_column: ${to.split('.')[1]}` : ''} }`,
    );
    return `  postgres.${name}: { table: public.${name}, key: ${key}, expect: [${expect.join(', ')}] }`;
  });
  const ids = [...Object.keys(tables).map((name) => `postgres.${name}`), ...more];
  const text = `version: 1\nstreams:\n${streams.join('\n')}\njobs:\n  shop: { streams: [${ids.join(', ')}], sinks: [s3_bronze] }\n  rest: { streams: [postgres.${Object.keys(tables)[0]}, shipments.shipments], sinks: [s3_bronze] }\n`;
  const found = parseJobsFile(text, 'jobs.yaml').jobs.get('shop');
  if (found === undefined) throw new Error('no job');
  return found;
}

describe('entities that are held against others', () => {
  it('come after those, whose keys are kept', () => {
    const references = referencesOf(
      job({ items: { refers: ['orders', 'products.id'] }, orders: { refers: ['customers'] }, customers: {}, products: {} }),
    );
    expect(references.before('postgres.items')).toEqual(['postgres.orders', 'postgres.products']);
    expect(references.before('postgres.orders')).toEqual(['postgres.customers']);
    expect(references.before('postgres.customers')).toEqual([]);
    expect(['items', 'orders', 'customers', 'products'].filter((name) => references.isReferenced(`postgres.${name}`))).toEqual([
      'orders',
      'customers',
      'products',
    ]);
  });

  it('wait for nobody who waits for them', () => {
    const references = referencesOf(job({ a: { refers: ['b'] }, b: { refers: ['c'] }, c: { refers: ['a'] }, d: { refers: ['a'] } }));
    expect(['a', 'b', 'c', 'd'].map((name) => references.before(`postgres.${name}`))).toEqual([[], [], [], ['postgres.a']]);
    expect(references.isReferenced('postgres.a')).toBe(true);
  });

  it.each([
    ['itself', { orders: { refers: ['orders'] } }, 'it is itself'],
    ['a key of two columns', { items: { refers: ['stock'] }, stock: { key: '[warehouse, product]' } }, 'its key has 2 columns'],
    ['a column that is not the key', { items: { refers: ['orders.number'] }, orders: {} }, 'its key is id, and not number'],
    ['a list', { items: { refers: ['payments'] } }, 'it is a list of an API, whose keys are not kept'],
    ['an entity of another job', { items: { refers: ['shipments'] } }, 'the job does not load it'],
  ])('are refused with the reason where that can never be done: %s', (_, tables, problem) => {
    const [first = ''] = Object.keys(tables);
    expect(() => referencesOf(job(tables, problem.includes('list') ? ['payments.payments'] : []))).toThrow(
      expect.objectContaining({
        action: 'fatal',
        message: expect.stringMatching(new RegExp(`^postgres.${first} can't be held against \\w+: ${problem}$`)) as string,
      }),
    );
  });
});
