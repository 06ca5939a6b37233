import { FatalError } from '@loadin/resilience';
import { typeName, type ColumnType } from './column-type.js';
import { withColumn, type ContractMode, type TableSchema } from './table-schema.js';

/** The schema of a load while it goes on. */
export interface Contract {
  readonly mode: ContractMode;
  readonly schema: TableSchema;
  /** Files have been written with this version: a change is a further one. */
  seal(): void;
  /** Only with `evolve`: makes room for values of this type. */
  widenTo(name: string, type: ColumnType | undefined): void;
  /** Why a row does not fit, in words. */
  reason(column: number | string): string;
  /** For `freeze`. */
  refusal(column: number | string): FatalError;
}

/** What not even a column of texts can hold. */
export const noUnicode = (name: string): string => `The column "${name}" has a text that is no Unicode, which no file can hold`;

/** @param isSealed whether an earlier load has ended with this version */
export function createContract(start: TableSchema, mode: ContractMode, entity: string, isSealed: boolean): Contract {
  let schema = start;
  let sealed = isSealed;
  const reason = (column: number | string): string => {
    const known = typeof column === 'number' ? schema.columns[column] : schema.columns.find(({ name }) => name === column);
    if (known === undefined) return `The schema has no column "${column}"`;
    if (known.type === undefined) return `The schema has no type yet for the column "${known.name}"`;
    if (known.type.kind === 'string') return noUnicode(known.name);
    return `The column "${known.name}" is ${typeName(known.type)}, and a value is not`;
  };
  return {
    mode,
    get schema() {
      return schema;
    },
    seal() {
      sealed = true;
    },
    widenTo(name, type) {
      const wider = withColumn(schema, name, type);
      schema = sealed ? { ...wider, version: schema.version + 1 } : wider;
      sealed = false;
    },
    reason,
    refusal: (column) =>
      new FatalError(`${reason(column)}; the contract of the entity is freeze`, {
        where: entity,
        hint: 'Nothing was published. Set the contract to evolve (the column becomes wider) or to quarantine (such rows are left out).',
      }),
  };
}
