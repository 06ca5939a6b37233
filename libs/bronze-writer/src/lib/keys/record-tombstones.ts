import type { Json, JsonObject } from '@loadin/pipeline';
import type { ColumnType } from '../schema/column-type.js';
import type { TableSchema } from '../schema/table-schema.js';
import { digestHex } from './digests.js';
import type { GoneKeys } from './gone-keys.js';

/** Records of the key's columns alone, in the forms that their columns take. */
export function* tombstonesOf({ key, gone, digests }: GoneKeys, { columns }: TableSchema): Iterable<{ record: JsonObject; hash: string }> {
  const types = key.map((name) => columns.find((column) => column.name === name)?.type);
  for (const [n, values] of gone.entries()) {
    const members = key.map((name, at) => [name, valueOf(values[at] ?? null, types[at])] as const);
    yield { record: Object.fromEntries(members), hash: digestHex(digests, n) };
  }
}

/** A column of numbers takes a text of one, but other columns don't take a text of what they hold. */
function valueOf(text: string | null, type: ColumnType | undefined): Json {
  if (text === null) return null;
  if (type?.kind === 'list' || (type?.kind === 'boolean' && (text === 'true' || text === 'false'))) return parsed(text);
  return text;
}

/** A text that is no JSON is a misfit of its column, whose contract says what becomes of it. */
function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
