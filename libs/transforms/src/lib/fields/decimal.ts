import type { Reason } from '../types.js';
import { isDecimal } from '../validation/formats.js';
import { kindOf } from '../validation/kind-of.js';

/** Money: a number of the source as a decimal text, digit for digit; a text that already is one stays as it is. */
export function readDecimal(reasons: Reason[], path: string, value: unknown): string | null {
  if (value === undefined || value === null || (typeof value === 'string' && value.trim() === '')) return null;
  if (typeof value === 'number' && Number.isFinite(value)) return decimalText(value);
  if (isDecimal(value)) return value;
  reasons.push({ path, message: `must be a decimal number, is ${typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : kindOf(value)}` });
  return null;
}

/** The shortest decimal that means the number, without an exponent: 1e-7 is 0.0000001. */
export function decimalText(value: number): string {
  const text = String(value);
  const [mantissa = '', exponent] = text.split('e');
  if (exponent === undefined) return text;
  const sign = mantissa.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const point = whole.length + Number(exponent);
  const digits = whole + fraction;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return `${sign}${digits.padEnd(point, '0')}`;
}
