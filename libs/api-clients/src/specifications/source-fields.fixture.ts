import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const sourceFieldsFile = join(import.meta.dirname, '../../../../docs/reference/source-fields.md');

/** A line of a table in docs/reference/source-fields.md. */
export interface SourceField {
  /** `dates.start.localDate`; one that ends early stands for everything below it that has no line of its own. */
  readonly path: string;
  /** The fields of the record that it arrives in. None: dropped. */
  readonly fields: readonly string[];
  /** It counts only when this source field is missing. */
  readonly without?: string;
  /** Why it is dropped, or when it does not arrive. */
  readonly remark?: string;
}

export interface SourceFields {
  /** The interface, `TicketmasterEvent`. */
  readonly type: string;
  /** The data type, `events`. */
  readonly dataType: string;
  readonly rows: readonly SourceField[];
}

/** The tables, each below a heading such as "## Events: `TicketmasterEvent` → `events`". Throws with the line that can't be understood. */
export function sourceFields(text = readFileSync(sourceFieldsFile, 'utf8')): SourceFields[] {
  return text
    .split(/^## /m)
    .slice(1)
    .flatMap((section) => {
      const [, type, dataType] = /^.*`(\w+)` → `(\w+)`\n/.exec(section) ?? [];
      if (type === undefined || dataType === undefined) return [];
      const lines = section.split('\n').filter((line) => line.startsWith('| `'));
      return [{ type, dataType, rows: lines.map(rowOf) }];
    });
}

function rowOf(line: string): SourceField {
  const [, path, cell = ''] = /^\| `([^`]+)`\s*\| (.*?)\s*\|$/.exec(line) ?? [];
  const [, without, named, remark] = /^(?:without `([^`]+)`: )?(`\w+`(?:, `\w+`)*)(?:; (.+))?$/.exec(cell) ?? [];
  const [, reason] = /^dropped: (.+)$/.exec(cell) ?? [];
  if (path === undefined || (named === undefined && reason === undefined)) throw new Error(`source-fields.md: ${line}`);
  return {
    path,
    fields: named?.split(', ').map((field) => field.slice(1, -1)) ?? [],
    ...(without !== undefined && { without }),
    ...((remark ?? reason) !== undefined && { remark: remark ?? reason }),
  };
}

/** The line that speaks of a field: its own, else the nearest above it. */
export function rowFor(rows: readonly SourceField[], leaf: string): SourceField | undefined {
  const covering = rows.filter(({ path }) => leaf === path || leaf.startsWith(`${path}.`) || leaf.startsWith(`${path}[`));
  return covering.sort((a, b) => b.path.length - a.path.length)[0];
}
