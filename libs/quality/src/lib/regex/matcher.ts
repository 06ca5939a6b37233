import { parsePattern } from './parse.js';
import { compile, type Step } from './program.js';

/** A set of steps, and where it leads for each class of characters; made when it is first met. */
interface State {
  readonly steps: readonly number[];
  readonly isFound: boolean;
  /** Whether it is found if the text ends here. */
  readonly isFoundAtEnd: boolean;
  readonly next: (State | undefined)[];
}

/** States that are kept; a pattern that needs more forgets them and begins again. */
const MOST_STATES = 1_000;

/**
 * Whether the pattern is found in a text, in time linear in the text for every pattern: a deterministic machine whose states are made as they are met.
 * Throws `PatternError`.
 */
export function createMatcher(pattern: string): (text: string) => boolean {
  const steps = compile(parsePattern(pattern));
  const classOf = characterClasses(steps);
  let states = new Map<string, State>();
  const first = makeState(steps, closure(steps, [steps.length - 1], true, false), true);

  const follow = (state: State, character: number): State => {
    const reached = [steps.length - 1];
    for (const n of state.steps) {
      const step = steps[n];
      if (step?.kind === 'set' && step.ranges.some(([from, to]) => from <= character && character <= to)) reached.push(step.next);
    }
    const closed = closure(steps, reached, false, false);
    const name = closed.join(',');
    const known = states.get(name);
    if (known !== undefined) return known;
    const made = makeState(steps, closed, false);
    states.set(name, made);
    return made;
  };

  return (text) => {
    let state = first;
    for (let at = 0; at < text.length; at++) {
      if (state.isFound) return true;
      const character = text.codePointAt(at) as number;
      if (character > 0xffff) at++;
      const kind = classOf(character);
      let next = state.next[kind];
      if (next === undefined) {
        if (states.size >= MOST_STATES) {
          states = new Map();
          first.next.length = 0;
        }
        next = state.next[kind] = follow(state, character);
      }
      state = next;
    }
    return state.isFound || state.isFoundAtEnd;
  };
}

function makeState(steps: readonly Step[], closed: readonly number[], atStart: boolean): State {
  const isFound = closed.some((n) => steps[n]?.kind === 'found');
  return { steps: closed, isFound, isFoundAtEnd: isFound || closure(steps, closed, atStart, true).some((n) => steps[n]?.kind === 'found'), next: [] };
}

/** All steps that are reached without a character, ascending; those that only some place lets pass are kept where it is not this one. */
function closure(steps: readonly Step[], from: readonly number[], atStart: boolean, atEnd: boolean): number[] {
  const found = new Set<number>(from);
  const open = [...found];
  const reach = (n: number): void => {
    if (found.has(n)) return;
    found.add(n);
    open.push(n);
  };
  for (let n = open.pop(); n !== undefined; n = open.pop()) {
    const step = steps[n];
    if (step?.kind === 'fork') step.next.forEach(reach);
    else if ((step?.kind === 'start' && atStart) || (step?.kind === 'end' && atEnd)) reach(step.next);
  }
  return [...found].filter((n) => steps[n]?.kind !== 'fork').sort((a, b) => a - b);
}

/** Characters that no step tells apart are of one class. */
function characterClasses(steps: readonly Step[]): (character: number) => number {
  const cuts = new Set([0]);
  for (const step of steps) {
    if (step.kind !== 'set') continue;
    for (const [from, to] of step.ranges) cuts.add(from).add(to + 1);
  }
  const bounds = [...cuts].sort((a, b) => a - b);
  const find = (character: number): number => {
    let [low, high] = [0, bounds.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((bounds[middle] as number) <= character) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const plain = Uint16Array.from({ length: 128 }, (_, character) => find(character));
  return (character) => (character < 128 ? (plain[character] as number) : find(character));
}
