import type { DiscoveredTable } from './discover.js';
import type { Hindrance } from './types.js';

/** The lines of a jobs file to start from: a stream for each table that can be read, with what should be looked at as comments. YAML. */
export function jobsFileText(tables: readonly DiscoveredTable[]): string {
  const readable = tables.filter((table) => table.readable);
  const names = streamNames(readable);
  const streams = readable.flatMap((table) => [
    `  ${yaml(`postgres.${names.get(table)}`)}: # ${table.kind === 'table' ? '' : `${table.kind}, `}about ${table.rowEstimate.toLocaleString('en')} rows`,
    `    table: ${yaml(`${table.schema}.${table.name}`)}`,
    ...lines(table).map((line) => `    ${line}`),
    '',
  ]);
  const hidden = tables
    .filter((table) => !table.readable)
    .map(({ schema, name, hindrance = 'rights' }) => `# ${oneLine(`${schema}.${name}`)} ${LEFT_OUT[hindrance]}`);
  const list = readable.map((table) => yaml(`postgres.${names.get(table)}`)).join(', ');
  return [
    'version: 1',
    '',
    ...(readable.length === 0 ? ['streams: {}', ''] : ['streams:', ...streams]),
    ...(hidden.length === 0 ? [] : [...hidden, '']),
    'jobs:',
    '  bronze:',
    '    schedule: cron(0 1 * * ? *)',
    `    streams: [${list}]`,
    '    sinks: [s3_bronze]',
    '',
  ].join('\n');
}

const LEFT_OUT: Readonly<Record<Hindrance, string>> = {
  rights: 'may not be read by this user',
  columns: 'has columns that this user may not read: name the others as its columns',
  policies: 'has rows that row-level security hides from this user',
  empty: 'has no columns',
};

function lines(table: DiscoveredTable): string[] {
  const { suggestion, cursorCandidates } = table;
  const [uniqueKey] = table.uniqueKeys;
  const list = (columns: readonly string[]): string => `key: [${columns.map(yaml).join(', ')}]`;
  const key =
    table.primaryKey.length > 0
      ? [list(table.primaryKey)]
      : uniqueKey !== undefined
        ? [`${list(uniqueKey)} # no primary key; this one is unique`]
        : ['# no key: a lost connection ends the read, and the next attempt begins anew'];
  const others = cursorCandidates.map(({ column, finds }) => `${oneLine(column)} (${finds})`).join(', ');
  const notEnough = others === '' ? '' : `; not enough for that: ${others}`;
  if (suggestion.mode === 'full') return [...key, `mode: full # no key: rows can't be compared${notEnough}`, ...asides(table)];
  if (suggestion.cursor === undefined) {
    const mode = `mode: incremental # no column tells changes: every row is read, and compared with the last run${notEnough}`;
    return [...key, mode, ...asides(table), '# hard_deletes: true # a row with _deleted for each that is gone'];
  }
  const { nullable, indexed } = cursorCandidates.find(({ column }) => column === suggestion.cursor) ?? { nullable: false, indexed: true };
  const hasZone = table.columns.find(({ name }) => name === suggestion.cursor)?.type.tag === 'timestamptz';
  const remarks = [
    ...(hasZone ? [] : ['has no zone: UTC is assumed, else give its time_zone']),
    ...(indexed ? [] : ['has no index: each run reads the whole table']),
    ...(nullable ? ['may be null: such rows are read every time'] : []),
  ];
  return [
    ...key,
    'mode: incremental',
    `cursor: ${yaml(suggestion.cursor)}${remarks.length === 0 ? '' : ` # ${remarks.join('; ')}`}`,
    ...asides(table),
  ];
}

/** What a reader of the lake may want besides: partitions by the day of a time that stays as it is, which only he can choose, and the column that marks deleted rows. */
function asides(table: DiscoveredTable): string[] {
  const created = table.cursorCandidates.find(({ column, finds }) => finds === 'created' && column !== table.softDelete);
  return [
    ...(table.softDelete === undefined ? [] : [`soft_delete: ${yaml(table.softDelete)}`]),
    ...(created === undefined ? [] : [`# event_date: ${yaml(created.column)} # files by its day`]),
  ];
}

/** The table's name as a stream and a folder can have it (`OrderItems`: `order_items`), with its schema where another table would have the same one, and a number where that is not enough. */
export function streamNames(tables: readonly DiscoveredTable[]): Map<DiscoveredTable, string> {
  const names = new Map<DiscoveredTable, string>();
  for (const table of tables) {
    const plain = folder(table.name);
    const isShared = tables.filter((other) => folder(other.name) === plain).length > 1;
    const wanted = isShared ? folder(`${table.schema}_${table.name}`) : plain;
    const taken = new Set(names.values());
    let name = wanted;
    for (let number = 2; taken.has(name); number += 1) name = `${wanted}_${number}`;
    names.set(table, name);
  }
  return names;
}

/** Room for a number behind the longest name that a stream may have, 63 letters. */
const LONGEST = 58;

const folder = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^(?=[^a-z])/, 't')
    .slice(0, LONGEST);

/** A plain word as it is, all else as a JSON string, which YAML reads the same. */
const yaml = (text: string): string =>
  /^[A-Za-z_][\w.]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text) ? text : JSON.stringify(text);

const oneLine = (text: string): string => text.replace(/\s+/g, ' ');
