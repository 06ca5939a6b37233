import { IsOptional } from 'class-validator';
import { IsInstant, IsOneOf, IsPattern } from '../validation/constraints.js';
import { DATA_TYPES, type DataType } from '../types.js';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What a record carries on the stream besides its own fields. Any of them may be absent: the same record is validated before they are added. */
export class StreamFields {
  /** Which class the record is of. */
  @IsOptional()
  @IsOneOf(DATA_TYPES)
  data_type?: DataType | null;

  /** When the run that read the record was planned, UTC. */
  @IsOptional()
  @IsInstant()
  ingestion_timestamp?: string | null;

  /** MD5 of the record's canonical JSON, in hexadecimal. */
  @IsOptional()
  @IsPattern(/^[0-9a-f]{32}$/, '32 hexadecimal digits')
  record_hash?: string | null;

  /** The run that read the record, a UUID. */
  @IsOptional()
  @IsPattern(UUID, 'a UUID')
  run_id?: string | null;

  /** The run whose record this one replaces, a UUID: it came from a replay. Absent: it did not. */
  @IsOptional()
  @IsPattern(UUID, 'a UUID')
  replay_of?: string | null;
}
