const NAMES: Readonly<Record<string, string>> = {
  boolean: 'BOOLEAN',
  int: 'INTEGER',
  bigint: 'BIGINT',
  float: 'FLOAT',
  double: 'DOUBLE',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
  string: 'VARCHAR',
  binary: 'BLOB',
};

/** DuckDB's name for a type of Athena's DDL. Throws for one that it does not know. */
export function duckdbType(hive: string): string {
  const decimal = /^decimal\((\d+),(\d+)\)$/.exec(hive);
  if (decimal !== null) return `DECIMAL(${decimal[1]},${decimal[2]})`;
  const element = /^array<(.*)>$/s.exec(hive)?.[1];
  if (element !== undefined) return `${duckdbType(element)}[]`;
  const fields = /^struct<(.*)>$/s.exec(hive)?.[1];
  if (fields !== undefined) return `STRUCT(${split(fields).map(fieldType).join(', ')})`;
  const name = Object.hasOwn(NAMES, hive) ? NAMES[hive] : undefined;
  if (name === undefined) throw new Error(`${hive} is no type of Athena's DDL`);
  return name;
}

function fieldType(field: string): string {
  const [, name = '', type = ''] = /^(`[^`]+`|[^:`]+):(.*)$/s.exec(field) ?? [];
  return `"${name.replaceAll('`', '').replaceAll('"', '""')}" ${duckdbType(type)}`;
}

/** At the commas that are not inside of another type. */
function split(fields: string): string[] {
  const parts: string[] = [];
  let [depth, start] = [0, 0];
  for (let at = 0; at < fields.length; at++) {
    const char = fields.charAt(at);
    if (char === '<' || char === '(') depth++;
    else if (char === '>' || char === ')') depth--;
    else if (char === ',' && depth === 0) {
      parts.push(fields.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, fields.slice(start)];
}
