import type { ColumnType, ScalarType } from '../schema/column-type.js';

/** Numbers of the enum `Type` in parquet.thrift. */
export const Physical = { BOOLEAN: 0, INT32: 1, INT64: 2, FLOAT: 4, DOUBLE: 5, BYTE_ARRAY: 6, FIXED_LEN_BYTE_ARRAY: 7 } as const;
export type Physical = (typeof Physical)[keyof typeof Physical];

export interface PhysicalType {
  readonly physical: Physical;
  /** Bytes of a value in memory; 0 when each has its own length. Booleans are a byte each until they are packed into bits. */
  readonly width: number;
}

/** Digits that a signed number of so many bytes holds for certain. */
const digitsOf = (bytes: number): number => Math.floor(Math.log10(2) * (8 * bytes - 1));

/** As LogicalTypes.md has it for DECIMAL: the least that holds the precision. */
export function decimalPhysical(precision: number): PhysicalType {
  if (precision <= 9) return { physical: Physical.INT32, width: 4 };
  if (precision <= 18) return { physical: Physical.INT64, width: 8 };
  let width = 9;
  while (digitsOf(width) < precision) width++;
  return { physical: Physical.FIXED_LEN_BYTE_ARRAY, width };
}

/** How a value (of a list: an element) is stored. */
export function physicalOf(type: ScalarType): PhysicalType {
  switch (type.kind) {
    case 'boolean':
      return { physical: Physical.BOOLEAN, width: 1 };
    case 'int32':
    case 'date':
      return { physical: Physical.INT32, width: 4 };
    case 'integer':
    case 'int64':
    case 'timestamp':
    case 'timestamptz':
      return { physical: Physical.INT64, width: 8 };
    case 'float':
      return { physical: Physical.FLOAT, width: 4 };
    case 'double':
      return { physical: Physical.DOUBLE, width: 8 };
    case 'decimal':
      return decimalPhysical(type.precision);
    case 'string':
    case 'binary':
      return { physical: Physical.BYTE_ARRAY, width: 0 };
  }
}

export const scalarOf = (type: ColumnType): ScalarType => (type.kind === 'list' ? type.element : type);

/** Definition levels: 1 is a value of an optional column; of a list 0 is null, 1 empty, 2 an element that is null, 3 one that is there. */
export const maxDefinition = (type: ColumnType): number => (type.kind === 'list' ? 3 : 1);
