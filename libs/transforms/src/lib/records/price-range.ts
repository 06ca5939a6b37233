import { IsOptional } from 'class-validator';
import { IsDecimalText, IsText } from '../validation/constraints.js';

/** What tickets of one kind cost. Source: an item of an event's `priceRanges`. */
export class PriceRange {
  /** `type`, such as `standard` or `standard including fees`. */
  @IsOptional()
  @IsText()
  type!: string | null;

  /** `currency`, ISO 4217. */
  @IsOptional()
  @IsText()
  currency!: string | null;

  /** `min`, in units of the currency, a decimal number as a text; "0" is a real value. */
  @IsOptional()
  @IsDecimalText()
  min!: string | null;

  /** `max`, in units of the currency, a decimal number as a text. */
  @IsOptional()
  @IsDecimalText()
  max!: string | null;
}
