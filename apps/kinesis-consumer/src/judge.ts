import { DATA_TYPES, isDataType, validateRecord } from '@loadin/transforms';
import type { Verdict } from './types.js';

/** Reasons that are named; a record can have one per field. */
const maxReasons = 5;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Decodes and validates the data of one stream record. Never throws, whatever the bytes are. */
export function judge(base64: string): Verdict {
  let record: unknown;
  try {
    record = JSON.parse(utf8.decode(Buffer.from(base64, 'base64')));
  } catch {
    return { kind: 'bad', reasons: ['it is not JSON in UTF-8'] };
  }
  if (typeof record !== 'object' || record === null || Array.isArray(record)) return { kind: 'bad', reasons: ['it is not a JSON object'] };
  const { test, data_type: dataType } = record as Record<string, unknown>;
  // Ticketmaster marks trial events with a field of this name too; records of a source always have a data type.
  if (test === true && dataType === undefined) return { kind: 'test' };
  if (!isDataType(dataType))
    return { kind: 'bad', reasons: [`data_type is ${JSON.stringify(dataType)?.slice(0, 60) ?? 'missing'}; known are ${DATA_TYPES.join(', ')}`] };
  const reasons = validateRecord(dataType, record).map(({ path, message }) => `${path}: ${message}`);
  if (reasons.length === 0) return { kind: 'valid', dataType };
  const more = reasons.length - maxReasons;
  return { kind: 'bad', dataType, reasons: [...reasons.slice(0, maxReasons), ...(more > 0 ? [`and ${more} more`] : [])] };
}
