import { lineOf, requireQuantity, used, type CostLine } from '../line.js';
import type { AthenaPrices } from '../prices/types.js';
import { TB } from '../units.js';

export interface AthenaMonth {
  readonly queries: number;
  /** By one query, on average; compressed as it lies in S3. Statements such as CREATE TABLE scan nothing and are free. */
  readonly bytesPerQuery: number;
}

export function athenaCost({ queries, bytesPerQuery }: AthenaMonth, { tbScanned, leastBytes }: AthenaPrices): CostLine[] {
  const scanned = queries * Math.max(requireQuantity('Athena: bytesPerQuery', bytesPerQuery), leastBytes);
  return used([lineOf('Athena', { what: 'scanned', unit: 'TB', quantity: scanned / TB, price: tbScanned })]);
}
