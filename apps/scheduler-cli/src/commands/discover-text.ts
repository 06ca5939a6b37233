import type { Discovery, NamedTable } from '@loadin/jobs';
import { bytes, count } from '../render/units.js';

const WIDTH = 110;

/** What there is to read, for people: a paragraph a table. */
export function renderDiscovery({ database, tables }: Discovery, withNext: boolean): string {
  if (tables.length === 0) return `No table in ${database}.\n`;
  const readable = tables.filter((table) => table.readable);
  const rows = readable.reduce((sum, { rowEstimate }) => sum + rowEstimate, 0);
  const heading = `${tables.length === 1 ? 'One table' : `${count(tables.length)} tables`} in ${database}, about ${count(rows)} rows`;
  const next = withNext && readable.length > 0 ? ['To get a jobs file that reads them: loadin discover postgres --write'] : [];
  return `${[heading, ...tables.map(paragraph), ...next].join('\n\n')}\n`;
}

function paragraph(table: NamedTable): string {
  const { schema, name, kind, rowEstimate, hindrance } = table;
  const size = table.bytes > 0 ? `, ${bytes(table.bytes)}` : '';
  const title = `${oneLine(`${schema}.${name}`)}${kind === 'table' ? '' : ` (${kind})`} · about ${count(rowEstimate)} rows${size}`;
  if (hindrance !== undefined) return [title, ...wrapped('not read', HINDRANCES[hindrance](table))].join('\n');
  const facts = [
    ['stream', table.stream ?? ''],
    ['key', keyText(table)],
    ['changes', changesText(table)],
    ...(table.softDelete === undefined ? [] : [['deleted', `marked by ${oneLine(table.softDelete)}`]]),
    ['columns', table.columns.map(columnText).join(', ')],
  ];
  return [title, ...facts.flatMap(([label = '', text = '']) => wrapped(label, text))].join('\n');
}

const HINDRANCES: Readonly<Record<NonNullable<NamedTable['hindrance']>, (table: NamedTable) => string>> = {
  rights: () => 'the user may not: GRANT USAGE on the schema and SELECT on the table',
  columns: ({ columns }) => {
    const readable = columns.filter((column) => column.readable !== false).map(({ name }) => oneLine(name));
    return `the user may not read all columns: GRANT SELECT on the table, or name those that he may in the jobs file, columns: [${readable.join(', ')}]`;
  },
  policies: () => 'row-level security hides rows from the user: ALTER ROLE … BYPASSRLS shows them all',
  empty: () => 'it has no columns',
};

function keyText({ primaryKey, uniqueKeys }: NamedTable): string {
  if (primaryKey.length > 0) return primaryKey.map(oneLine).join(', ');
  const [unique] = uniqueKeys;
  return unique === undefined ? "none: rows can't be told apart" : `${unique.map(oneLine).join(', ')} (unique; no primary key)`;
}

const FINDS = { changed: 'time of change', created: 'a time', number: 'grows with new rows' } as const;

function changesText({ suggestion, cursorCandidates, softDelete }: NamedTable): string {
  const chosen = suggestion.mode === 'incremental' ? suggestion.cursor : undefined;
  const others = cursorCandidates.filter(({ column }) => column !== chosen && column !== softDelete);
  const compared = suggestion.mode === 'incremental' ? 'every row is read, and compared with the last run' : 'it is read in full';
  const how = chosen === undefined ? `no column tells them: ${compared}` : '';
  return [
    ...cursorCandidates.filter(({ column }) => column === chosen).map(candidateText),
    ...(how === '' ? [] : [how]),
    ...(others.length === 0 ? [] : [`other candidates: ${others.map(candidateText).join(', ')}`]),
  ].join(' · ');
}

function candidateText({ column, finds, nullable, indexed }: NamedTable['cursorCandidates'][number]): string {
  const remarks = [FINDS[finds], ...(indexed ? ['indexed'] : []), ...(nullable ? ['may be null'] : [])];
  return `${oneLine(column)} (${remarks.join(', ')})`;
}

/** Postgres' long names of types that everybody knows by a short one. */
const SHORT: Readonly<Record<string, string>> = {
  'timestamp with time zone': 'timestamptz',
  'timestamp without time zone': 'timestamp',
  'character varying': 'varchar',
  'double precision': 'float8',
};

const columnText = ({ name, type, nullable }: NamedTable['columns'][number]): string =>
  `${oneLine(name)} ${type.domain ?? SHORT[type.sql] ?? type.sql}${nullable ? ' null' : ''}`;

/** A fact with its label, over as many lines as it needs. */
function wrapped(label: string, text: string): string[] {
  const indent = ' '.repeat(12);
  const lines: string[] = [];
  let line = `  ${label}`.padEnd(indent.length);
  for (const [index, word] of text.split(' ').entries()) {
    const isFirst = index === 0 || line === indent;
    if (!isFirst && line.length + word.length + 1 > WIDTH) {
      lines.push(line);
      line = indent + word;
    } else line += isFirst ? word : ` ${word}`;
  }
  return [...lines, line];
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ');

/** A table for programs. */
export const tableDocument = (table: NamedTable) => ({
  schema: table.schema,
  name: table.name,
  kind: table.kind,
  stream: table.stream,
  readable: table.readable,
  hindrance: table.hindrance ?? null,
  row_estimate: table.rowEstimate,
  bytes: table.bytes,
  primary_key: table.primaryKey,
  unique_keys: table.uniqueKeys,
  columns: table.columns.map(({ name, type, nullable }) => ({ name, type: type.sql, nullable })),
  cursor_candidates: table.cursorCandidates,
  soft_delete: table.softDelete ?? null,
  suggestion: table.suggestion,
});
