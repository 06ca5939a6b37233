import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { DROPPED_FIELDS } from './samples/dropped-fields.js';
import { isCovered, leavesOf } from './samples/paths.fixture.js';
import { dataTypeOf } from './samples/records-in.js';
import { SOURCE_FIELDS } from './samples/source-fields.js';
import { recordSchema } from './schema/record-schema.js';
import { transformFor } from './transform-for.js';
import { DATA_TYPES, type DataType } from './types.js';

// Bodies of the real APIs, where someone has a folder of them; else the synthetic ones of the same shapes.
const FOLDER = process.env['LOADIN_RECORDINGS'] || join(import.meta.dirname, '../../fixtures');

interface Found {
  where: string;
  dataType: DataType;
  raw: unknown;
}

/** Every record of a source in a body, however deep. */
function recordsIn(node: unknown, where: string): Found[] {
  if (typeof node !== 'object' || node === null) return [];
  const dataType = 'id' in node ? dataTypeOf(node) : undefined;
  const own = dataType ? [{ where, dataType, raw: node }] : [];
  return [...own, ...Object.entries(node).flatMap(([key, child]) => recordsIn(child, `${where}/${key}`))];
}

function bodiesIn(folder: string): { file: string; body: unknown }[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
  return files.sort().map((file) => ({ file, body: JSON.parse(readFileSync(join(folder, file), 'utf8')) as unknown }));
}

describe('recorded bodies', () => {
  const found = existsSync(FOLDER) ? bodiesIn(FOLDER).flatMap(({ file, body }) => recordsIn(body, file)) : [];

  it.each(DATA_TYPES)('hold %s', (dataType) => {
    expect(found.filter((record) => record.dataType === dataType).length).toBeGreaterThan(0);
  });

  it('parse without a rejection', () => {
    const rejected = found.flatMap(({ where, dataType, raw }) => {
      const parsed = transformFor(dataType).parse(raw);
      return parsed.ok ? [] : [{ where, reasons: parsed.reasons }];
    });
    expect(rejected).toEqual([]);
  });

  it('keep name and address wherever the source has them', () => {
    for (const { dataType, raw } of found) {
      const { name, url } = raw as { name?: string; url?: string };
      const parsed = transformFor(dataType).parse(raw);
      const record = parsed.ok ? (parsed.record as unknown as Record<string, unknown>) : {};
      expect(record['name']).toBe(name?.trim() ? name : null);
      if (dataType !== 'artists' && dataType !== 'tracks') expect(record['url']).toBe(url ?? null);
    }
  });

  it.each(DATA_TYPES)('of %s become records that the published schema accepts', (dataType) => {
    const accepts = new Ajv({ format: 'full' }).compile(recordSchema(dataType));
    for (const { raw } of found.filter((record) => record.dataType === dataType)) {
      const parsed = transformFor(dataType).parse(raw);
      expect(parsed.ok && accepts(JSON.parse(JSON.stringify(parsed.record)))).toBe(true);
    }
  });

  it.each(DATA_TYPES)('of %s have no field that is neither kept nor dropped for a reason', (dataType) => {
    const kept = Object.values<readonly string[]>(SOURCE_FIELDS[dataType]).flat();
    const dropped = DROPPED_FIELDS[dataType].flatMap(({ paths }) => paths);
    const leaves = new Set(found.filter((record) => record.dataType === dataType).flatMap(({ raw }) => leavesOf(raw)));
    const unknown = [...leaves].filter(
      (path) => !kept.some((field) => isCovered(path, field)) && !dropped.some((field) => isCovered(path, field, true)),
    );
    expect(unknown).toEqual([]);
  });
});
