import { lineOf, requireQuantity, used, type CostLine } from '../line.js';
import { tieredAmount } from '../prices/tiered.js';
import type { S3Prices, StorageClass } from '../prices/types.js';
import { GB } from '../units.js';

export interface Stored {
  /** Kept on average over the month. */
  readonly bytes: number;
  readonly objects: number;
}

/** What S3 is asked for in a month. Everything that is left out is zero. */
export interface S3Month {
  readonly stored?: Readonly<Partial<Record<StorageClass, Stored>>>;
  /** PUT, COPY, POST and LIST, of objects in Standard. */
  readonly puts?: number;
  readonly gets?: number;
  /** Objects that lifecycle rules move into a class. */
  readonly moved?: Readonly<Partial<Record<StorageClass, number>>>;
  /** Bytes read from a class where reading costs. */
  readonly retrieved?: Readonly<Partial<Record<StorageClass, number>>>;
}

export const CLASS_NAMES: Readonly<Record<StorageClass, string>> = {
  standard: 'Standard',
  standard_ia: 'Standard-IA',
  glacier_instant: 'Glacier Instant Retrieval',
  glacier_flexible: 'Glacier Flexible Retrieval',
  deep_archive: 'Glacier Deep Archive',
};
const CLASSES = Object.keys(CLASS_NAMES) as StorageClass[];

/** A line each for what is kept in a class, moved into it, read from it; requests. Small objects in cold classes count as what AWS takes them for. */
export function s3Cost(month: S3Month, prices: S3Prices): CostLine[] {
  const { puts = 0, gets = 0, moved = {}, retrieved = {} } = month;
  const line = (what: string, unit: string, quantity: number, price: number): CostLine => lineOf('S3', { what, unit, quantity, price });
  return used([
    ...storageLines(month.stored ?? {}, prices),
    ...CLASSES.map((name) => line(`objects moved to ${CLASS_NAMES[name]}`, 'objects', moved[name] ?? 0, prices.classes[name].transition)),
    ...CLASSES.map((name) => line(`read from ${CLASS_NAMES[name]}`, 'GB', (retrieved[name] ?? 0) / GB, prices.classes[name].retrievalGb)),
    line('PUT and LIST requests', 'requests', puts, prices.classes.standard.put),
    line('GET requests', 'requests', gets, prices.classes.standard.get),
  ]);
}

function storageLines(stored: NonNullable<S3Month['stored']>, { classes }: S3Prices): CostLine[] {
  const bytes = Object.fromEntries(CLASSES.map((name) => [name, 0])) as Record<StorageClass, number>;
  for (const name of CLASSES) {
    const { bytes: own, objects } = stored[name] ?? { bytes: 0, objects: 0 };
    requireQuantity(`S3: bytes in ${CLASS_NAMES[name]}`, own);
    requireQuantity(`S3: objects in ${CLASS_NAMES[name]}`, objects);
    const { leastBytes, overheadBytes } = classes[name];
    bytes[name] += Math.max(own, objects * leastBytes) + objects * overheadBytes.here;
    bytes.standard += objects * overheadBytes.standard;
  }
  return CLASSES.map((name) => {
    const quantity = bytes[name] / GB;
    const price = quantity === 0 ? 0 : tieredAmount(quantity, classes[name].gbMonth) / quantity;
    return lineOf('S3', { what: `kept in ${CLASS_NAMES[name]}`, unit: 'GB months', quantity, price });
  });
}
