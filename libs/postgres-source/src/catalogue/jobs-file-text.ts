import type { DiscoveredTable } from './discover.js';

/** The lines of a jobs file to start from: a stream for each table that can be read, with what should be looked at as comments. YAML. */
export function jobsFileText(tables: readonly DiscoveredTable[]): string {
  const readable = tables.filter((table) => table.readable);
  const names = new Map(readable.map((table) => [table, streamName(table, readable)]));
  const streams = readable.flatMap((table) => [
    `  ${yaml(`postgres.${names.get(table)}`)}: # ${table.kind === 'table' ? '' : `${table.kind}, `}about ${table.rowEstimate.toLocaleString('en')} rows`,
    `    table: ${yaml(`${table.schema}.${table.name}`)}`,
    ...lines(table).map((line) => `    ${line}`),
    '',
  ]);
  const hidden = tables
    .filter((table) => !table.readable)
    .map(({ schema, name }) => `# ${oneLine(`${schema}.${name}`)} may not be read by this user`);
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
    '    sinks: [bronze]',
    '',
  ].join('\n');
}

function lines(table: DiscoveredTable): string[] {
  const { suggestion, cursorCandidates } = table;
  const [uniqueKey] = table.uniqueKeys;
  const list = (columns: readonly string[]): string => `key: [${columns.map(yaml).join(', ')}]`;
  const key =
    table.primaryKey.length > 0
      ? [list(table.primaryKey)]
      : uniqueKey !== undefined
        ? [`${list(uniqueKey)} # no primary key; this one is unique`]
        : ['# no key: it is read in full, from its beginning again after a lost connection'];
  if (suggestion.mode === 'full') {
    const others = cursorCandidates.map(({ column, finds }) => `${oneLine(column)} (${finds})`).join(', ');
    return [...key, `mode: full${others === '' ? '' : ` # no column tells changes; not enough for that: ${others}`}`];
  }
  const { nullable, indexed } = cursorCandidates.find(({ column }) => column === suggestion.cursor) ?? { nullable: false, indexed: true };
  const remarks = [
    ...(indexed ? [] : ['has no index: each run reads the whole table']),
    ...(nullable ? ['may be null: such rows are read every time'] : []),
  ];
  return [...key, 'mode: incremental', `cursor: ${yaml(suggestion.cursor)}${remarks.length === 0 ? '' : ` # ${remarks.join('; ')}`}`];
}

/** The table's name, with its schema where another schema has the same one. */
function streamName({ schema, name }: DiscoveredTable, all: readonly DiscoveredTable[]): string {
  return all.filter((other) => other.name === name).length > 1 ? `${schema}_${name}` : name;
}

/** A plain word as it is, all else as a JSON string, which YAML reads the same. */
const yaml = (text: string): string =>
  /^[A-Za-z_][\w.]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text) ? text : JSON.stringify(text);

const oneLine = (text: string): string => text.replace(/\s+/g, ' ');
