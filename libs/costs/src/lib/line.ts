/** What one thing costs in a month, at the list price, in US dollars. */
export interface CostLine {
  readonly service: string;
  readonly what: string;
  /** Of which `quantity` is counted: `requests`, `GB months`, `shard hours`. */
  readonly unit: string;
  readonly quantity: number;
  /** Of one unit; where larger amounts are cheaper, the mean of this quantity. */
  readonly price: number;
  /** Without free tiers. */
  readonly amount: number;
  /** What the free tier of the account takes off, as long as nothing else in it uses that up. */
  readonly free: number;
}

export interface UsedThing {
  readonly what: string;
  readonly unit: string;
  readonly quantity: number;
  readonly price: number;
  /** Units of the free tier. Default 0: there is none. */
  readonly freeUnits?: number;
}

/** Throws `RangeError` for a quantity that is negative or no number: a wrong measurement must not become a price. */
export function lineOf(service: string, { what, unit, quantity, price, freeUnits = 0 }: UsedThing): CostLine {
  requireQuantity(`${service}: ${what}`, quantity);
  return { service, what, unit, quantity, price, amount: quantity * price, free: Math.min(quantity, freeUnits) * price };
}

export function requireQuantity(name: string, quantity: number): number {
  if (!Number.isFinite(quantity) || quantity < 0) throw new RangeError(`${name} must be a number from 0, is ${quantity}`);
  return quantity;
}

/** Lines of nothing say nothing. */
export const used = (lines: readonly CostLine[]): CostLine[] => lines.filter(({ quantity }) => quantity > 0);

export interface Total {
  readonly amount: number;
  readonly free: number;
}

export const totalOf = (lines: readonly CostLine[]): Total => ({
  amount: lines.reduce((sum, line) => sum + line.amount, 0),
  free: lines.reduce((sum, line) => sum + line.free, 0),
});
