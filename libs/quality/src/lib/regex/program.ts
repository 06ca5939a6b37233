import { PatternError } from './parse.js';
import type { Node, Ranges } from './types.js';

/** Steps of a machine that is in several of them at once (Thompson's construction). Step 0 begins. */
export type Step =
  | { readonly kind: 'set'; readonly ranges: Ranges; readonly next: number }
  | { readonly kind: 'fork'; readonly next: readonly number[] }
  | { readonly kind: 'start'; readonly next: number }
  | { readonly kind: 'end'; readonly next: number }
  | { readonly kind: 'found' };

const MOST_STEPS = 5_000;

export function compile(node: Node): Step[] {
  const steps: Step[] = [];
  const add = (step: Step): number => {
    if (steps.length >= MOST_STEPS) throw new PatternError(`is too large: with its repetitions written out it has more than ${MOST_STEPS} steps`);
    return steps.push(step) - 1;
  };
  /** From behind: `next` is where to go on. */
  const emit = (of: Node, next: number): number => {
    switch (of.kind) {
      case 'set':
        return add({ kind: 'set', ranges: of.ranges, next });
      case 'start':
      case 'end':
        return add({ kind: of.kind, next });
      case 'sequence':
        return of.of.reduceRight((to, part) => emit(part, to), next);
      case 'either':
        return add({ kind: 'fork', next: of.of.map((part) => emit(part, next)) });
      case 'repeat':
        return emitRepeat(of.of, of.least, of.most, next);
    }
  };
  const emitRepeat = (of: Node, least: number, most: number | undefined, next: number): number => {
    let to = next;
    if (most === undefined) {
      const ways = [next];
      to = add({ kind: 'fork', next: ways });
      ways.push(emit(of, to));
    } else for (let n = least; n < most; n++) to = add({ kind: 'fork', next: [emit(of, to), next] });
    for (let n = 0; n < least; n++) to = emit(of, to);
    return to;
  };
  const found = add({ kind: 'found' });
  // The last step is where it begins.
  add({ kind: 'fork', next: [emit(node, found)] });
  return steps;
}
