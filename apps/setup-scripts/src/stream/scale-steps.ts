/** The shard counts one after the other, each at most double and at least half of the one before; empty when nothing is to be done. */
export function scaleSteps(from: number, to: number): number[] {
  const steps: number[] = [];
  for (let count = from; count !== to;) {
    count = to > count ? Math.min(to, count * 2) : Math.max(to, Math.ceil(count / 2));
    steps.push(count);
  }
  return steps;
}
