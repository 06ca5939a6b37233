import { CLASSES, SCHEMA_VERSIONS } from '../lib/record-classes.js';
import { StreamFields } from '../lib/records/stream-fields.js';
import { DROPPED_FIELDS } from '../lib/samples/dropped-fields.js';
import { SOURCE_FIELDS } from '../lib/samples/source-fields.js';
import { jsonSchemaOf, type Describe, type JsonSchema } from '../lib/schema/json-schema.js';
import { transformFor } from '../lib/transform-for.js';
import { DATA_TYPES, type DataType } from '../lib/types.js';

/** docs/reference/records.md: every field of every record, from the classes, their comments and the tables of source fields. */
export function recordsPage(describe: Describe): string {
  const intro = [
    '# Normalized records',
    'Every field of every record type, written from the record classes of `@loadin/transforms` (`npm run published` in `libs/transforms`). The same as JSON schemas:',
    '`@loadin/transforms/schemas/{data type}.schema.json`.',
    '',
    'Null is unknown: never 0, an empty text or a guess. A field that is marked "always" is never null. Schemas change by addition only: fields and words may come, none goes or changes its type.',
    'Source fields are paths in the record that the API answers; `[]` stands for each entry of a list, `*` for each name.',
  ];
  const sections = DATA_TYPES.flatMap((dataType) => sectionOf(dataType, describe));
  return [...intro.slice(0, 1), '', ...intro.slice(1), ...sections, ...streamSection(describe), ''].join('\n');
}

function sectionOf(dataType: DataType, describe: Describe): string[] {
  const schema = jsonSchemaOf(CLASSES[dataType], describe);
  const { idField, source } = transformFor(dataType);
  const sources: Readonly<Record<string, readonly string[]>> = SOURCE_FIELDS[dataType];
  return [
    '',
    `## ${dataType}`,
    '',
    schema.description ?? '',
    '',
    `Source \`${source}\`, key \`${idField}\`, schema version ${SCHEMA_VERSIONS[dataType]}.`,
    '',
    ...fieldTable(schema, sources),
    ...listSections(schema),
    '',
    `### Source fields of ${dataType} that are not kept`,
    '',
    ...table(
      ['source field', 'why'],
      DROPPED_FIELDS[dataType].map(({ paths, why }) => [paths.map(code).join(', '), why]),
    ),
  ];
}

function fieldTable({ properties = {}, required = [] }: JsonSchema, sources?: Readonly<Record<string, readonly string[]>>): string[] {
  const rows = Object.entries(properties).map(([name, field]) => [
    code(name),
    `${typeText(field)}${required.includes(name) ? ', always' : ''}`,
    ...(sources ? [(sources[name] ?? []).map(code).join(', ')] : []),
    field.description ?? '',
  ]);
  return table(['field', 'type', ...(sources ? ['source fields'] : []), 'meaning'], rows);
}

/** The entries of a record's lists of records, a table each. */
function listSections({ properties = {} }: JsonSchema): string[] {
  return Object.entries(properties).flatMap(([name, { items }]) => {
    if (items?.properties === undefined) return [];
    return ['', `### Each of \`${name}\``, '', items.description ?? '', '', ...fieldTable(items)];
  });
}

const STREAM_INTRO = 'What the stream adds to every record, and raw objects do not have.';

function streamSection(describe: Describe): string[] {
  return ['', '## On the stream', '', STREAM_INTRO, '', ...fieldTable(jsonSchemaOf(StreamFields, describe))];
}

/** The type in words, without null. */
function typeText(schema: JsonSchema): string {
  const { enum: words, format, items, minimum, maximum, pattern = '' } = schema;
  const type = [schema.type ?? []].flat().find((one) => one !== 'null') ?? 'anything';
  if (words)
    return words
      .filter((word) => word !== null)
      .map((word) => code(String(word)))
      .join(', ');
  if (format !== undefined) return { 'date-time': 'instant in UTC', date: 'date' }[format] ?? format;
  if (type === 'array') return items?.properties ? 'list, see below' : 'list of texts';
  if (type === 'integer') return 'whole number';
  if (type === 'number') return `number, ${minimum} to ${maximum}`;
  if (type === 'boolean') return 'true or false';
  return TEXTS.find(([beginning]) => pattern.startsWith(beginning))?.[1] ?? 'text';
}

// What texts of a pattern are called.
const TEXTS: readonly (readonly [string, string])[] = [
  ['^-?\\d+', 'decimal number as text'],
  ['^(?:[01]\\d|2[0-3]):', 'time of day'],
  ['^\\d{4}(?:', 'date, as far as known'],
  ['^[\\x21-', 'id'],
  ['^[0-9A-Za-z]{22}', 'id'],
  ['^spotify_', 'id'],
  ['^ticketmaster_', 'id'],
];

const code = (text: string): string => `\`${text}\``;

/** A table as this workspace's formatter aligns it. */
function table(titles: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const cells = rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = titles.map((title, column) => Math.max(title.length, 3, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string => `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(titles), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...cells.map(line)];
}
