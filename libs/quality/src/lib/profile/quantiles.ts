// Quantiles of a stream as in Z. Karnin, K. Lang, E. Liberty, "Optimal quantile approximation in streams" (2016): buffers of values that stand for 1, 2, 4 …
// each; a full one is sorted, and every other of its values goes up. The coin that says which half is drawn from a seed: the same values give the same answer.

/** Values of the highest buffers; error about 1.7 / WIDTH of the ranks. */
const WIDTH = 512;
const LEAST_WIDTH = 64;

export interface Quantiles {
  /** `levels[n]`: values that stand for 2^n each. */
  readonly levels: Level[];
  coin: number;
}

interface Level {
  readonly values: Float64Array;
  count: number;
}

export const createQuantiles = (): Quantiles => ({ levels: [], coin: 0x9e3779b9 });

/** Adds a value that stands for 2^level ones. */
export function addQuantile(quantiles: Quantiles, value: number, level: number): void {
  const { levels } = quantiles;
  while (levels.length <= level) levels.push({ values: new Float64Array(WIDTH), count: 0 });
  const at = levels[level] as Level;
  if (at.count >= (CAPACITIES[levels.length - 1 - level] ?? LEAST_WIDTH)) compact(quantiles, level);
  at.values[at.count++] = value;
}

/** By distance from the highest level. */
const CAPACITIES = Array.from({ length: 64 }, (_, below) => Math.max(LEAST_WIDTH, Math.ceil(WIDTH * (2 / 3) ** below)));

function compact(quantiles: Quantiles, level: number): void {
  const { levels } = quantiles;
  const { values, count } = levels[level] as Level;
  const sorted = values.subarray(0, count).sort();
  // An odd one stays, so that no weight is lost.
  const pairs = count >> 1;
  quantiles.coin = Math.imul(quantiles.coin ^ (quantiles.coin >>> 15), 0x2c1b3c6d) + 0x6d2b79f5;
  const offset = (quantiles.coin >>> 13) & 1;
  const kept = sorted[count - 1] as number;
  (levels[level] as Level).count = 0;
  for (let n = 0; n < pairs; n++) addQuantile(quantiles, sorted[2 * n + offset] as number, level + 1);
  if (count % 2 === 1) (levels[level] as Level).values[(levels[level] as Level).count++] = kept;
}

/** The values below and at which these shares (0 to 1, ascending) of all lie; none when there is no value. */
export function readQuantiles({ levels }: Quantiles, shares: readonly number[]): number[] {
  const items = levels.flatMap(({ values, count }, level) => Array.from(values.subarray(0, count), (value) => ({ value, weight: 2 ** level })));
  if (items.length === 0) return [];
  items.sort((a, b) => a.value - b.value);
  const total = items.reduce((sum, { weight }) => sum + weight, 0);
  let [at, below] = [0, items[0]?.weight ?? 0];
  return shares.map((share) => {
    while (at < items.length - 1 && below < share * total) below += items[++at]?.weight ?? 0;
    return items[at]?.value ?? NaN;
  });
}
