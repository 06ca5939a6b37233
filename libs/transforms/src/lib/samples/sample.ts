import type { DataType } from '../types.js';

/** A synthetic record of a source, and what its transform has to make of it. */
export type Sample = {
  readonly dataType: DataType;
  /** What it shows, in a few words. */
  readonly name: string;
  readonly raw: unknown;
} & (
  | {
      /** `good`: complete, as the source documents it; `odd`: as sources really are. Both are loaded. */
      readonly kind: 'good' | 'odd';
      /** Fields of the record as they must come out; the others are not looked at. */
      readonly expected: Readonly<Record<string, unknown>>;
    }
  | {
      /** `wrong`: rejected. */
      readonly kind: 'wrong';
      /** The paths that the reasons must name, in order. */
      readonly rejected: readonly string[];
    }
);

type Fields = Readonly<Record<string, unknown>>;

export const good = (dataType: DataType, name: string, raw: unknown, expected: Fields): Sample => ({ dataType, kind: 'good', name, raw, expected });
export const odd = (dataType: DataType, name: string, raw: unknown, expected: Fields): Sample => ({ dataType, kind: 'odd', name, raw, expected });
export const wrong = (dataType: DataType, name: string, raw: unknown, rejected: readonly string[]): Sample => ({
  dataType,
  kind: 'wrong',
  name,
  raw,
  rejected,
});
