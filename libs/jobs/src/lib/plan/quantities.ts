import { payloadUnits, US_EAST_1 } from '@loadin/costs';
import { LANDED_SHARE, RECORD_BYTES, STREAM_BYTES } from './assumptions.js';
import type { Estimate } from './estimate.js';
import type { Bytes, LastRun } from './types.js';

/** What AWS is asked for in one run, by the unit that is paid for. */
export interface Quantities {
  readonly s3Puts: number;
  readonly s3Gets: number;
  readonly payloadUnits: number;
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly storedBytes: number;
}

export interface QuantityContext {
  readonly dataType: string;
  readonly slices: number;
  readonly sinks: readonly string[];
  /** The last run, where it says something of this one. */
  readonly before?: LastRun;
}

/** A page group is landed when it has a megabyte. */
const GROUP_BYTES = 1_000_000;
const RECORDS_PER_OBJECT = 5_000;
const unitBytes = US_EAST_1.kinesis.provisioned.payloadUnitBytes;
/** A run besides its streams: plan, report, log and index of changes; the run's own items, its claims and checkpoints. */
export const RUN_ITSELF: Quantities = { s3Puts: 4, s3Gets: 6, payloadUnits: 0, writeUnits: 8, readUnits: 8, storedBytes: 50_000 };

export function bytesOf({ records }: Estimate, { dataType, sinks, before }: QuantityContext): Bytes {
  // Entities are not landed, and how large they are nobody knows before they have been read.
  if (isBronze(sinks)) return { landing: 0, raw: 0, stream: 0, bronze: before?.bytes_written ?? 0 };
  const { received = 2_000, normalized = 1_000 } = RECORD_BYTES[dataType] ?? {};
  return {
    landing: Math.round(records.expected * received * LANDED_SHARE),
    raw: sinks.includes('s3_raw') ? Math.round(records.expected * normalized) : 0,
    stream: sinks.includes('kinesis') ? Math.round(records.expected * (normalized + STREAM_BYTES)) : 0,
    bronze: 0,
  };
}

const isBronze = (sinks: readonly string[]): boolean => sinks.includes('s3_bronze');

/** An object is begun, put part by part and completed. */
const PUTS_PER_FILE = 3;
/** Pending uploads are listed; schema, sets of keys and profile are read and written, and the commit and done records written. */
const ENTITY_ITSELF: Quantities = { s3Puts: 8, s3Gets: 8, payloadUnits: 0, writeUnits: 8, readUnits: 8, storedBytes: 0 };

function quantitiesOfEntity({ calls }: Estimate, { before }: QuantityContext): Quantities {
  const { objects = 1, bytes_written: storedBytes = 0 } = before ?? {};
  const { s3Puts, writeUnits, readUnits } = ENTITY_ITSELF;
  const reservations = Math.ceil(calls.expected / 10);
  return {
    ...ENTITY_ITSELF,
    s3Puts: s3Puts + objects * PUTS_PER_FILE,
    writeUnits: writeUnits + reservations,
    readUnits: readUnits + reservations,
    storedBytes,
  };
}

/** Of one stream: a put for each page group and raw object, a look for what is landed, progress after each group, a reservation for each block of calls. */
export function quantitiesOf(estimate: Estimate, context: QuantityContext): Quantities {
  if (isBronze(context.sinks)) return quantitiesOfEntity(estimate, context);
  const { received = 2_000 } = RECORD_BYTES[context.dataType] ?? {};
  const { calls, records } = estimate;
  const { slices, sinks } = context;
  const groups = slices + Math.floor((records.expected * received) / GROUP_BYTES);
  const objects = sinks.includes('s3_raw') ? slices + Math.floor(records.expected / RECORDS_PER_OBJECT) : 0;
  const bytes = bytesOf(estimate, context);
  return {
    s3Puts: groups + objects,
    s3Gets: groups + slices,
    payloadUnits: bytes.stream === 0 ? 0 : Math.round(payloadUnits(records.expected, bytes.stream / records.expected, unitBytes)),
    // An item of progress grows with the objects it names: three units on average.
    writeUnits: groups * 3 + Math.ceil(calls.expected / 10) + 4,
    readUnits: groups + Math.ceil(calls.expected / 10) + 4,
    storedBytes: bytes.landing + bytes.raw,
  };
}

export const addQuantities = (all: readonly Quantities[]): Quantities =>
  all.reduce((sum, one) => ({
    s3Puts: sum.s3Puts + one.s3Puts,
    s3Gets: sum.s3Gets + one.s3Gets,
    payloadUnits: sum.payloadUnits + one.payloadUnits,
    writeUnits: sum.writeUnits + one.writeUnits,
    readUnits: sum.readUnits + one.readUnits,
    storedBytes: sum.storedBytes + one.storedBytes,
  }));
