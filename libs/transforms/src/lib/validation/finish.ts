import type { Parsed, Reason } from '../types.js';
import { validateAs } from './validate.js';

/** The last step of every parser: a record leaves only when all of its fields were understood and it fits its class. */
export function finish<T extends object>(type: new () => T, record: T, reasons: Reason[]): Parsed<T> {
  if (reasons.length > 0) return { ok: false, reasons };
  const unfit = validateAs(type, record);
  return unfit.length > 0 ? { ok: false, reasons: unfit } : { ok: true, record };
}
