import type { CursorCandidate, Table } from './types.js';

const CHANGED =
  /^(?:(?:last|date|row|record|sys|dt)_?)*(?:updated|modified|changed|mtime|touched)(?:_?(?:at|on|date|time|ts|timestamp|datetime))*$|^(?:update|modification|change)_?(?:date|time|ts|timestamp)$/i;

/** Columns by which changes could be found, the best first: changes before creations before numbers, indexed and never null before others. */
export function cursorCandidates(table: Table): CursorCandidate[] {
  const rank = ({ finds, indexed, nullable }: CursorCandidate): number =>
    ['changed', 'created', 'number'].indexOf(finds) * 4 + (indexed ? 0 : 2) + (nullable ? 1 : 0);
  return table.columns
    .flatMap(({ name, type, nullable }): CursorCandidate[] => {
      const candidate = { column: name, nullable, indexed: table.indexed.includes(name) };
      if (type.tag === 'timestamptz' || type.tag === 'timestamp') return [{ ...candidate, finds: CHANGED.test(snake(name)) ? 'changed' : 'created' }];
      const grows = (type.tag === 'int8' || type.tag === 'int4') && table.primaryKey.length === 1 && table.primaryKey[0] === name;
      return grows ? [{ ...candidate, finds: 'number' }] : [];
    })
    .sort((a, b) => rank(a) - rank(b));
}

/** `lastUpdatedAt`, `Last Updated-At` → `last_Updated_At`. */
const snake = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/[ .-]+/g, '_');

const DELETED = /^(?:is_?|was_?)?(?:soft_?)?(?:deleted|removed)(?:_?(?:at|on|date|time|ts|timestamp|datetime|flag))*$/i;

/** The column that by its name and type marks a row as deleted: a time or a truth value. */
export const softDeleteColumn = ({ columns }: Table): string | undefined =>
  columns.find(({ name, type }) => ['timestamptz', 'timestamp', 'date', 'bool'].includes(type.tag) && DELETED.test(snake(name)))?.name;
