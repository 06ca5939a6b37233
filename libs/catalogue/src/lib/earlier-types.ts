import { athenaType, readsAs } from './athena-type.js';
import { columnName } from './names.js';
import type { BronzeEntity } from './types.js';

/**
 * What Athena can't read of files that were written before a column became wider, a sentence for each such column. A table has one type for a column, and Glue's
 * partitions with projection have none of their own.
 */
export function earlierTypes({ entity, versions }: BronzeEntity): string[] {
  const newest = versions.at(-1);
  const sentences: string[] = [];
  for (const { name, type } of newest?.columns ?? []) {
    if (type === null || columnName(name) === undefined) continue;
    const now = athenaType(type, entity);
    const before = new Map<string, number[]>();
    for (const { version, columns } of versions.slice(0, -1)) {
      const then = columns.find((column) => column.name === name)?.type ?? null;
      if (then !== null && !readsAs(athenaType(then, entity), now)) before.set(then, [...(before.get(then) ?? []), version]);
    }
    const since = versions.find(({ columns }) => columns.some((column) => column.name === name && column.type === type))?.version ?? 0;
    for (const [then, found] of before) sentences.push(sentenceOf(name, { then, now: type, found, since }));
  }
  return sentences;
}

interface Widened {
  readonly then: string;
  readonly now: string;
  readonly found: readonly number[];
  readonly since: number;
}

const sentenceOf = (name: string, { then, now, found, since }: Widened): string =>
  `The column ${JSON.stringify(name)} is ${now} since schema version ${since}, and ${then} in files of version ${found.join(', ')}: there Athena refuses to read it ` +
  `(HIVE_BAD_DATA); its other columns can be read. Load it in full on a later day, and print the DDL again with --since and that day; or read those files by name ` +
  `with a reader that unites types, such as DuckDB (union_by_name).`;
