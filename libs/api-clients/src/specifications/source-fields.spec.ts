import { DATA_TYPES, isDataType } from '@loadin/transforms';
import { arrivalOf, recordOf } from './arrivals.fixture.js';
import { sampleOf } from './samples.fixture.js';
import { leavesOf, type Shape } from './shape.fixture.js';
import { rowFor, sourceFields, type SourceField } from './source-fields.fixture.js';
import { spotifyTypes, ticketmasterTypes, typedShapes } from './typed-shapes.fixture.js';

const shapes = new Map([...typedShapes(spotifyTypes), ...typedShapes(ticketmasterTypes)]);
const tables = sourceFields();

/** Fields of a record that no source field makes: the same for all records of a kind. */
const constants = ['source', 'capacity'];

it('source-fields.md has a table for every kind of record', () => {
  expect(tables.map(({ dataType }) => dataType).sort()).toEqual([...DATA_TYPES].sort());
});

describe.each(tables)('source-fields.md, $type → $dataType', ({ type, dataType, rows }) => {
  const shape = shapes.get(type) as Shape;
  const leaves = leavesOf(shape);
  const sample = sampleOf(shape, 'a');
  const rowOf = (leaf: string): SourceField => rowFor(rows, leaf) ?? { path: leaf, fields: ['no line'] };
  if (!isDataType(dataType)) throw new Error(`source-fields.md: no data type ${dataType}`);

  it('says of each field of the source that is typed what becomes of it', () => {
    expect(leaves.filter((leaf) => rowFor(rows, leaf) === undefined)).toEqual([]);
  });

  it('has no line without a field', () => {
    const spoken = new Set(leaves.map((leaf) => rowFor(rows, leaf)));
    expect(rows.filter((row) => !spoken.has(row)).map(({ path }) => path)).toEqual([]);
  });

  it('says of each field of the record where it comes from', () => {
    const told = rows.flatMap(({ fields }) => fields);
    expect([...new Set([...told, ...constants.filter((field) => field in recordOf(dataType, sample))])].sort()).toEqual(
      Object.keys(recordOf(dataType, sample)).sort(),
    );
  });

  it('is true: what is said to arrive arrives there and nowhere else, what is said to be dropped changes nothing', () => {
    const becomes = leaves.flatMap((leaf) => {
      const arrival = arrivalOf(shape, dataType, sample, leaf, rowOf(leaf));
      return arrival === undefined ? [] : [{ leaf, fields: [...arrival.changed].sort() }];
    });
    expect(becomes).toEqual(becomes.map(({ leaf }) => ({ leaf, fields: [...rowOf(leaf).fields].sort() })));
  });
});

describe('reading the tables', () => {
  const table = (...cells: string[]): string =>
    `# Fields\n\n## Venues: \`Venue\` → \`venues\`\n\n| a | b |\n| --- | --- |\n${cells.map((cell) => `| \`x\` | ${cell} |`).join('\n')}\n`;

  it('understands what arrives, what is dropped, when, and why', () => {
    const [venues] = sourceFields(table('`a`', '`a`, `b`; null when blank', 'without `c.d`: `a`', 'dropped: of no use'));
    expect(venues?.rows).toEqual([
      { path: 'x', fields: ['a'] },
      { path: 'x', fields: ['a', 'b'], remark: 'null when blank' },
      { path: 'x', fields: ['a'], without: 'c.d' },
      { path: 'x', fields: [], remark: 'of no use' },
    ]);
  });

  it.each(['', 'a', 'dropped', 'dropped:', '`a` and `b`'])('does not pass over "%s"', (cell) => {
    expect(() => sourceFields(table(cell))).toThrow(/^source-fields.md: \| `x`/);
  });

  it('takes the nearest line above a field that has none', () => {
    const rows = ['images', 'images[].url', 'image'].map((path) => ({ path, fields: [] }));
    expect(['images[].url', 'images[].width', 'imagesize'].map((leaf) => rowFor(rows, leaf)?.path)).toEqual(['images[].url', 'images', undefined]);
  });
});
