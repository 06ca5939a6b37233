import { IsOptional } from 'class-validator';
import { IsInstant, IsText } from '../validation/constraints.js';

/** A sale to some, before the public one. Source: an item of an event's `sales.presales`. */
export class Presale {
  /** `name`, such as `Fan club presale`. */
  @IsOptional()
  @IsText()
  name!: string | null;

  /** `startDateTime`, UTC. Null: unknown, which the source also writes as 1900-01-01. */
  @IsOptional()
  @IsInstant()
  start_datetime_utc!: string | null;

  /** `endDateTime`, UTC. Null as for `start_datetime_utc`. */
  @IsOptional()
  @IsInstant()
  end_datetime_utc!: string | null;

  /** `url`, where it takes place. */
  @IsOptional()
  @IsText()
  url!: string | null;
}
