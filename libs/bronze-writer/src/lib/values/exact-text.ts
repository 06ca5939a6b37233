import type { ScalarType } from '../schema/column-type.js';

/** `007` is another text than 7: it stays one. */
const isWholeText = (text: string): boolean => text !== '-0' && /^-?(0|[1-9]\d*)$/.test(text);
const isDecimalText = (text: string): boolean => /^-?(0|[1-9]\d*)(\.\d+)?$/.test(text);

/** A number in a text may have more digits than a double keeps. */
const isDoubleText = (text: string): boolean => String(Number(text)) === text;
const isFloatText = (text: string): boolean =>
  isDoubleText(text) && !(Math.abs(Number(text)) < Infinity && Math.fround(Number(text)) !== Number(text));

/** Whether a text that was no number to its source, but is to be one in this type, is that number and nothing more. */
export function isExactText({ kind }: ScalarType, text: string): boolean {
  switch (kind) {
    case 'int32':
    case 'integer':
    case 'int64':
      return isWholeText(text);
    case 'decimal':
      return isDecimalText(text);
    case 'double':
      return isDoubleText(text);
    case 'float':
      return isFloatText(text);
    default:
      return true;
  }
}
