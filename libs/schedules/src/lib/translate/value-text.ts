/** How a system writes the values of a field. */
export interface ValueStyle {
  readonly least: number;
  readonly most: number;
  /** Between the first and the last of a range: `-` or `..`. */
  readonly range: string;
  /** Every `step`th from `first` to the end of the field. */
  readonly steps: (first: number, step: number) => string;
  /** Default: digits. */
  readonly name?: (value: number) => string;
}

/** Values as a person would write them: `*`, `0/15`, `1-5`, `2,14`. Ascending, at least one. */
export function valueText(values: readonly number[], { least, most, range, steps, name = String }: ValueStyle): string {
  if (values.length === most - least + 1) return '*';
  const [first = least, second = first] = values;
  const step = second - first;
  const reachesEnd = (values.at(-1) ?? first) + step > most;
  if (values.length > 2 && step > 1 && reachesEnd && values.every((value, index) => value === first + index * step)) return steps(first, step);
  return runsOf(values)
    .map((run) => (run.length > 2 ? `${name(run[0] ?? least)}${range}${name(run.at(-1) ?? most)}` : run.map(name).join(',')))
    .join(',');
}

/** Neighbours together. */
function runsOf(values: readonly number[]): number[][] {
  const runs: number[][] = [];
  for (const value of values) {
    const run = runs.at(-1);
    if (run?.at(-1) === value - 1) run.push(value);
    else runs.push([value]);
  }
  return runs;
}
