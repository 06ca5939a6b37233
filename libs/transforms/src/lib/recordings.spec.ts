import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformFor } from './transform-for.js';
import type { DataType } from './types.js';

// Bodies of the real APIs, where someone has a folder of them; else the synthetic ones of the same shapes.
const FOLDER = process.env['LOADIN_RECORDINGS'] || join(import.meta.dirname, '../../fixtures');
const DATA_TYPE_OF: Record<string, DataType> = { artist: 'artists', venue: 'venues', event: 'events' };

interface Found {
  where: string;
  dataType: DataType;
  raw: unknown;
}

/** Every artist, venue and event in a body, however deep. */
function recordsIn(node: unknown, where: string): Found[] {
  if (typeof node !== 'object' || node === null) return [];
  const { type, id } = node as { type?: unknown; id?: unknown };
  const dataType = typeof type === 'string' && id !== undefined ? DATA_TYPE_OF[type] : undefined;
  const own = dataType ? [{ where, dataType, raw: node }] : [];
  return [...own, ...Object.entries(node).flatMap(([key, child]) => recordsIn(child, `${where}/${key}`))];
}

function bodiesIn(folder: string): { file: string; body: unknown }[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
  return files.sort().map((file) => ({ file, body: JSON.parse(readFileSync(join(folder, file), 'utf8')) as unknown }));
}

describe('recorded bodies', () => {
  const found = existsSync(FOLDER) ? bodiesIn(FOLDER).flatMap(({ file, body }) => recordsIn(body, file)) : [];

  it.each(['artists', 'venues', 'events'] as const)('hold %s', (dataType) => {
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
      if (dataType !== 'artists') expect(record['url']).toBe(url ?? null);
    }
  });
});
