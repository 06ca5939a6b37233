import { createLake } from '../readers.fixture.js';
import { latestSchema, printSchemaFile, readSchemaFile, schemaKey, withSchema } from './schema-file.js';

describe('the schema file of an entity', () => {
  it('keeps the key that a load has said, until another one says otherwise', () => {
    const schema = { version: 1, columns: [{ name: 'a', type: { kind: 'int32' as const } }] };
    const file = withSchema(undefined, 'orders', schema, 'one', ['a']);
    expect(readSchemaFile(printSchemaFile(file), 'here')).toEqual({ ...file, key: ['a'] });
    expect(withSchema(file, 'orders', schema, 'two')).toBe(file);
    expect(withSchema(file, 'orders', { ...schema, version: 2 }, 'two').key).toEqual(['a']);
    expect(withSchema(file, 'orders', schema, 'two', ['a', 'b'])).toEqual({ ...file, key: ['a', 'b'] });
    expect(() => readSchemaFile('{"entity":"orders","key":[1],"versions":[]}', 'here')).toThrow('does not say what a schema file says');
  });

  it('keeps every version, and gives the last one to the next load', async () => {
    const lake = createLake();
    const first = await lake.records([{ a: 1, later: null }]);
    const file = withSchema(undefined, 'orders', first.schema, 'one');
    expect(withSchema(file, 'orders', first.schema, 'two')).toBe(file);

    const second = await lake.records([{ a: 'x' }], { schema: latestSchema(readSchemaFile(printSchemaFile(file), 'here')), entity: 'again' });
    const both = readSchemaFile(printSchemaFile(withSchema(file, 'orders', second.schema, 'two')), 'here');
    expect(both).toEqual({
      entity: 'orders',
      versions: [
        {
          version: 1,
          ingestion_id: 'one',
          columns: [
            { name: 'a', type: 'integer' },
            { name: 'later', type: null },
          ],
        },
        {
          version: 2,
          ingestion_id: 'two',
          columns: [
            { name: 'a', type: 'string' },
            { name: 'later', type: null },
          ],
        },
      ],
    });
    expect(latestSchema(both)).toEqual(second.schema);
    lake.remove();
  });

  it.each([
    ['{', /not JSON/],
    ['null', /does not say/],
    ['{"entity":"orders","versions":[{"version":1}]}', /does not say/],
    [
      '{"entity":"orders","versions":[{"version":1,"ingestion_id":"x","columns":[{"name":"a","type":"varchar"}]}]}',
      /"varchar" of the column "a" is no type/,
    ],
  ])('that is damaged (%s) is refused with the reason and where it lies', (text, reason) => {
    expect(() => readSchemaFile(text, schemaKey('orders'))).toThrow(reason);
  });
});
