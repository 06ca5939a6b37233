/** What one value of a column is. What each becomes in Parquet is in parquet/physical.ts. */
export type ScalarType =
  | { readonly kind: 'boolean' }
  /** Postgres int2 and int4. */
  | { readonly kind: 'int32' }
  /** Whole numbers that JSON can carry exactly, ±(2^53 − 1): stored as INT64, and unlike `int64` without loss in a `double`. */
  | { readonly kind: 'integer' }
  | { readonly kind: 'int64' }
  | { readonly kind: 'float' }
  | { readonly kind: 'double' }
  /** `precision` digits in all (1 to 38), `scale` of them after the point. */
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'date' }
  /** Microseconds without a time zone. */
  | { readonly kind: 'timestamp' }
  /** Microseconds, an instant. */
  | { readonly kind: 'timestamptz' }
  /** The source's text. */
  | { readonly kind: 'string' }
  | { readonly kind: 'binary' };

export type ColumnType = ScalarType | { readonly kind: 'list'; readonly element: ScalarType };

export type ScalarKind = ScalarType['kind'];

export const MAX_PRECISION = 38;

/** The type's name in schema files and declarations: `int64`, `decimal(10,2)`, `list<timestamptz>`. */
export function typeName(type: ColumnType): string {
  if (type.kind === 'list') return `list<${typeName(type.element)}>`;
  return type.kind === 'decimal' ? `decimal(${type.precision},${type.scale})` : type.kind;
}

const PLAIN_KINDS: ReadonlySet<string> = new Set<Exclude<ScalarKind, 'decimal'>>([
  'boolean',
  'int32',
  'integer',
  'int64',
  'float',
  'double',
  'date',
  'timestamp',
  'timestamptz',
  'string',
  'binary',
]);

/** Reads what `typeName` writes; `undefined` for anything else. */
export function parseTypeName(name: string): ColumnType | undefined {
  const element = /^list<(.*)>$/.exec(name)?.[1];
  if (element === undefined) return parseScalar(name);
  const scalar = parseScalar(element);
  return scalar && { kind: 'list', element: scalar };
}

function parseScalar(name: string): ScalarType | undefined {
  const [, precision, scale] = /^decimal\((\d{1,2}),(\d{1,2})\)$/.exec(name) ?? [];
  if (precision !== undefined) return decimalOf(Number(precision), Number(scale));
  return PLAIN_KINDS.has(name) ? ({ kind: name } as ScalarType) : undefined;
}

/** `undefined` when Parquet's DECIMAL of at most 38 digits can't be so. */
export function decimalOf(precision: number, scale: number): ScalarType | undefined {
  return precision >= 1 && precision <= MAX_PRECISION && scale >= 0 && scale <= precision ? { kind: 'decimal', precision, scale } : undefined;
}

export const sameType = (a: ColumnType, b: ColumnType): boolean => typeName(a) === typeName(b);
