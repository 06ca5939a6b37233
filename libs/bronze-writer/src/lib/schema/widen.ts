import { decimalOf, sameType, type ColumnType, type ScalarType } from './column-type.js';

const STRING: ScalarType = { kind: 'string' };

/** The decimal digits before the point that a whole number of this kind may have. */
const WHOLE_DIGITS: Partial<Record<ScalarType['kind'], number>> = { int32: 10, integer: 16, int64: 19 };

/**
 * The least type that holds every value of both, exactly; `string` (the source's text) when there is none. Commutative, associative, idempotent.
 *
 * - int32 < integer < int64 < decimal; int32 and integer < double, float < double, int32 and integer with float: double
 * - int64 or decimal with float or double: string, since neither holds the other's values
 * - decimals: as many digits before and after the point as either has, string above 38 together
 * - lists: of the wider elements
 * - anything else together: string (a boolean is no number, a date is no timestamp, a local time is no instant)
 */
export function widen(a: ColumnType, b: ColumnType): ColumnType {
  if (sameType(a, b)) return a;
  if (a.kind === 'list' || b.kind === 'list') {
    return a.kind === 'list' && b.kind === 'list' ? { kind: 'list', element: widen(a.element, b.element) as ScalarType } : STRING;
  }
  return wholes(a, b) ?? floats(a, b) ?? decimals(a, b) ?? STRING;
}

function wholes(a: ScalarType, b: ScalarType): ScalarType | undefined {
  const [digitsA, digitsB] = [WHOLE_DIGITS[a.kind], WHOLE_DIGITS[b.kind]];
  if (digitsA === undefined || digitsB === undefined) return undefined;
  return digitsA > digitsB ? a : b;
}

const FITS_DOUBLE: ReadonlySet<string> = new Set(['int32', 'integer', 'float', 'double']);

function floats(a: ScalarType, b: ScalarType): ScalarType | undefined {
  return FITS_DOUBLE.has(a.kind) && FITS_DOUBLE.has(b.kind) ? { kind: 'double' } : undefined;
}

function decimals(a: ScalarType, b: ScalarType): ScalarType | undefined {
  const [digitsA, digitsB] = [digitsOf(a), digitsOf(b)];
  if (digitsA === undefined || digitsB === undefined) return undefined;
  const scale = Math.max(digitsA.scale, digitsB.scale);
  return decimalOf(Math.max(digitsA.whole, digitsB.whole) + scale, scale);
}

function digitsOf(type: ScalarType): { readonly whole: number; readonly scale: number } | undefined {
  if (type.kind === 'decimal') return { whole: type.precision - type.scale, scale: type.scale };
  const whole = WHOLE_DIGITS[type.kind];
  return whole === undefined ? undefined : { whole, scale: 0 };
}
