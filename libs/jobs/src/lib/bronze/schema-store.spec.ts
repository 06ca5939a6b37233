import type { ColumnType, SchemaFile, TableSchema } from '@loadin/bronze-writer';
import { openBucket, startServers, type Servers } from './bronze.fixture.js';
import { createSchemaStore } from './schema-store.js';

let servers: Servers;
beforeAll(async () => void (servers = await startServers({ postgres: false })));
afterAll(() => servers.close());

const schema = (version: number, types: Readonly<Record<string, ColumnType['kind'] | undefined>>): TableSchema => ({
  version,
  columns: Object.entries(types).map(([name, kind]) => (kind === undefined ? { name } : { name, type: { kind } as ColumnType })),
});

async function openStore() {
  const bucket = await servers.bucket();
  const of = (ingestionId: string) => ({ entity: 'orders', ingestionId, key: ['id'] });
  const { text, keys } = openBucket(servers, bucket);
  const file = async () => JSON.parse(await text('_loadin/schemas/orders.json')) as SchemaFile;
  return { store: createSchemaStore({ client: servers.client, bucket }, 'orders'), of, file, keys };
}

const typesOf = ({ versions }: SchemaFile) =>
  versions.map(({ version, columns }) => [version, ...columns.map(({ name, type }) => `${name} ${type}`)]);

describe('the schemas of an entity', () => {
  it('begin with the first load, and are there again for the next', async () => {
    const { store, of, file } = await openStore();
    expect(await store.latest()).toBeUndefined();
    await store.add(schema(1, { id: 'int64' }), of('a'));
    expect(await store.latest()).toEqual(schema(1, { id: 'int64' }));
    expect(await file()).toEqual({
      entity: 'orders',
      key: ['id'],
      versions: [{ version: 1, ingestion_id: 'a', columns: [{ name: 'id', type: 'int64' }] }],
    });
  });

  it('get a version only when something has changed', async () => {
    const { store, of, file } = await openStore();
    await store.add(schema(1, { id: 'int64', note: undefined }), of('a'));
    await store.add(schema(1, { id: 'int64', note: undefined }), of('b'));
    await store.add(schema(2, { id: 'string', note: undefined }), of('c'));
    // A column that had no type is in no file yet.
    await store.add(schema(2, { id: 'string', note: 'string' }), of('d'));
    // A load that began long ago, and has changed nothing.
    await store.add(schema(1, { id: 'int64', note: undefined }), of('e'));
    expect(typesOf(await file())).toEqual([
      [1, 'id int64', 'note null'],
      [2, 'id string', 'note string'],
    ]);
  });

  it('say by which column changes are found, as the last load has it', async () => {
    const { store, of, file } = await openStore();
    const cursors: unknown[] = [];
    for (const [version, cursor] of [
      [1, 'id'],
      [2, 'id'],
      [2, 'seen'],
      [2, undefined],
    ] as const) {
      await store.add(schema(version, { id: 'int64', ...(version === 2 && { seen: 'int64' }) }), { ...of('a'), cursor });
      const found = await file();
      cursors.push([found.versions.length, found.cursor]);
    }
    expect(cursors).toEqual([
      [1, 'id'],
      [2, 'id'],
      [2, 'seen'],
      [2, undefined],
    ]);
  });

  it('lose no version when several loads end at once: whoever is second adds one that holds both', async () => {
    const { store, of, file } = await openStore();
    await store.add(schema(1, { id: 'int32' }), of('a'));
    const names = ['a', 'b', 'c', 'd', 'e'];
    await Promise.all(names.map((name) => store.add(schema(2, { id: 'int64', [name]: 'string' }), of(name))));
    const { versions } = await file();
    expect(versions.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(
      versions
        .at(-1)
        ?.columns.map(({ name }) => name)
        .sort(),
    ).toEqual([...names, 'id']);
    expect(new Set(versions.map(({ ingestion_id }) => ingestion_id)).size).toBe(5);
  });

  it('are not touched by a load that has nothing to go by', async () => {
    const { store, of, keys } = await openStore();
    await store.add({ version: 0, columns: [] }, of('a'));
    expect(await keys()).toEqual([]);
  });
});
