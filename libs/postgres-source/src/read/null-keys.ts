import { FatalError } from '@loadin/resilience';
import type { RowBlock } from '../copy/types.js';
import type { ResolvedRead } from './resolve.js';

const [TAB, BACKSLASH, N] = [0x09, 0x5c, 0x4e];

/**
 * For keys of which nobody but the user says that they are never null, as those of views: throws `FatalError` at a row that has no key. `undefined`: none can come, or no order is made by it.
 */
export function nullKeyCheck({ key, columns, resumable, read: { table } }: ResolvedRead): ((block: RowBlock) => void) | undefined {
  const fields = key.filter(({ nullable }) => nullable).map((column) => columns.indexOf(column));
  if (fields.length === 0 || !resumable) return undefined;
  const where = `${table.schema}.${table.name}`;
  return (block) => {
    for (let row = 0; row < block.count; row += 1) {
      const field = nullAmong(fields, block.bytes, block.starts[row] ?? 0, block.ends[row] ?? 0);
      if (field === undefined) continue;
      throw new FatalError(`${where}: a row has no value in ${columns[field]?.name}, which is named as key`, {
        where,
        hint: 'Name columns that have a value in every row and are unique together, or none: then it is read in full each time (mode: full).',
      });
    }
  };
}

function nullAmong(fields: readonly number[], bytes: Uint8Array, start: number, end: number): number | undefined {
  for (let at = start, field = 0; at <= end; field += 1) {
    let stop = at;
    while (stop < end && bytes[stop] !== TAB) stop += 1;
    if (stop - at === 2 && bytes[at] === BACKSLASH && bytes[at + 1] === N && fields.includes(field)) return field;
    at = stop + 1;
  }
  return undefined;
}
