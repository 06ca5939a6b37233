import { FatalError } from '@loadin/resilience';
import { sameType, typeName, type ColumnType } from './column-type.js';
import { widen } from './widen.js';

/**
 * What happens to a value that its column's type can't hold, and to a column that the schema has not.
 * - `evolve`: the column becomes wider (`widen`), in the end text; a new column is added; the schema gets its next version
 * - `freeze`: the load fails
 * - `quarantine`: the row is left out and handed to `onQuarantined`
 */
export type ContractMode = 'evolve' | 'freeze' | 'quarantine';

export interface SchemaColumn {
  readonly name: string;
  /** None yet: nothing but nulls came. Such a column is not in the files. */
  readonly type?: ColumnType;
}

export interface TableSchema {
  /** From 1; each change is a further one. */
  readonly version: number;
  readonly columns: readonly SchemaColumn[];
}

export const EMPTY_SCHEMA: TableSchema = { version: 0, columns: [] };

/**
 * The schema that a load begins with: what the last load ended with, and what is declared now. A declared column that is new, or wider than it was, makes a
 * new version when the contract is `evolve`, and else is a `FatalError`: every row would be a misfit. A column that is not declared any more stays, as nulls.
 */
export function startSchema(
  previous: TableSchema | undefined,
  declared: readonly SchemaColumn[],
  contract: ContractMode,
  entity: string,
): TableSchema {
  const twice = declared.find(({ name }, n) => declared.findIndex((column) => column.name === name) !== n);
  if (twice !== undefined) throw new FatalError(`There are two columns "${twice.name}"`, { where: entity, hint: 'Give each a name of its own.' });
  if (previous === undefined || previous.version === 0) return { version: 1, columns: declared };
  let schema = previous;
  for (const { name, type } of declared) {
    const change = changeOf(schema, name, type);
    if (change === undefined) continue;
    if (contract !== 'evolve') {
      throw new FatalError(`The source's column "${name}" ${change}, and the contract of the entity is ${contract}`, {
        where: entity,
        hint: 'Nothing was written. Set the contract to evolve for one run, or change the source back.',
      });
    }
    schema = withColumn(schema, name, type);
  }
  return schema === previous ? previous : { ...schema, version: previous.version + 1 };
}

function changeOf({ columns }: TableSchema, name: string, type: ColumnType | undefined): string | undefined {
  const column = columns.find((each) => each.name === name);
  if (column === undefined) return 'is new';
  if (type === undefined) return undefined;
  if (column.type === undefined) return `is now ${typeName(type)}`;
  return sameType(widen(column.type, type), column.type) ? undefined : `is ${typeName(type)} now and was ${typeName(column.type)}`;
}

/** With the column as wide as both; its version is the caller's affair. */
export function withColumn(schema: TableSchema, name: string, type: ColumnType | undefined): TableSchema {
  const at = schema.columns.findIndex((column) => column.name === name);
  const before = schema.columns[at];
  const wider = before?.type === undefined || type === undefined ? (type ?? before?.type) : widen(before.type, type);
  const column: SchemaColumn = wider === undefined ? { name } : { name, type: wider };
  return { ...schema, columns: at < 0 ? [...schema.columns, column] : schema.columns.map((each, n) => (n === at ? column : each)) };
}
