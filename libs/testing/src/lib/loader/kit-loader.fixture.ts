import type { Loaded, Loader, LoadOptions } from '@loadin/pipeline';
import type { LoaderUnderTest } from './loader-under-test.js';

interface Commit {
  readonly loaded: Loaded;
  readonly ids: readonly string[];
  readonly letters: readonly string[];
}

/** What loaders share: a source, and what was committed. */
export interface KitTable {
  rows: readonly { readonly id: string; readonly bad?: true }[];
  commit: Commit | undefined;
}

const ROWS = Array.from({ length: 25 }, (_, n) => ({ id: `r${n}`, ...(n % 10 === 3 && { bad: true as const }) }));

/** A loader that keeps its promises, in memory. */
export function kitLoader(table: KitTable): Loader {
  return {
    name: 'kit',
    async load(_load, options) {
      if (table.commit !== undefined) return table.commit.loaded;
      const made = await read(table, options);
      await options.beforeCommit();
      table.commit ??= made;
      return table.commit.loaded;
    },
  };
}

/** Everything but the commit. */
export async function read({ rows }: KitTable, { signal, onProgress, letters }: LoadOptions): Promise<Commit> {
  const [ids, lines]: [string[], string[]] = [[], []];
  for (const row of rows) {
    signal.throwIfAborted();
    if (row.bad) lines.push(letters.line({ reason: 'it is bad', errorClass: 'BadRow', record: { id: row.id } }));
    else ids.push(row.id);
    onProgress({ read: ids.length + lines.length, deduplicated: 0, rejected: lines.length });
  }
  const object = { uri: 'memory://rows', bytes: ids.length, records: ids.length, existed: false };
  return { ids, letters: lines, loaded: { read: rows.length, deduplicated: 0, rejected: lines.length, objects: [object], notes: [], reached: null } };
}

/** A loader with an empty target; `change` makes it one that breaks a promise. */
export const underTest =
  (change: (loader: Loader, table: KitTable) => Loader = (loader) => loader) =>
  async (): Promise<LoaderUnderTest> => {
    const table: KitTable = { rows: ROWS, commit: undefined };
    const make = (): Loader => change(kitLoader(table), table);
    return {
      loader: make(),
      load: {
        ...{ job: 'kit', runId: 'a run', ingestionId: 'an id', stream: 'kit.rows', source: 'kit', dataType: 'rows' },
        ...{ scheduledTime: '2026-03-01T12:00:00Z', second: '2026-03-01T12:00:00Z', fullRefresh: false },
        slice: { ordinal: 0, name: 'rows', bounds: {} },
      },
      ids: ROWS.filter(({ bad }) => bad !== true).map(({ id }) => id),
      rejected: ROWS.filter(({ bad }) => bad).length,
      seen: async () => table.commit?.ids ?? [],
      letters: async () => table.commit?.letters ?? [],
      another: make,
      change: () => void (table.rows = [{ id: 'another' }]),
    };
  };
