/** The slots that this process has: each is under way with a call, cools until one window after the answer, or can be used. */
export interface HeldSlots {
  /** All of them. */
  readonly count: number;
  readonly underWay: number;
  /** Milliseconds until one can be used; `Infinity` when all are under way, or there is none. */
  waitMs(now: number): number;
  /** Uses one; call it only when `waitMs` was 0. Gives what is called when the answer (or the failure) is there. */
  use(now: number): (now: number) => void;
  /** New ones, each with the instant from which it can be used. */
  add(usableAt: readonly number[]): void;
  /** Takes up to so many out that are not under way, those that can be used soonest; gives the instants from which they can be. */
  takeOut(slots: number): number[];
  /** They belong to somebody else now; calls that are still under way bring none back. */
  loseAll(): void;
  /** How many could always have been used since this was asked last. */
  unused(now: number): number;
}

export function createHeldSlots(windowMs: number): HeldSlots {
  let idle: number[] = []; // instants from which they can be used, ascending
  let underWay = 0;
  let generation = 0;
  let fewestUsable = 0;
  const usable = (now: number): number => idle.filter((at) => at <= now).length;
  const add = (usableAt: readonly number[]): void => {
    idle = [...idle, ...usableAt].sort((a, b) => a - b);
  };
  return {
    get count() {
      return idle.length + underWay;
    },
    get underWay() {
      return underWay;
    },
    waitMs: (now) => (idle[0] === undefined ? Infinity : Math.max(0, idle[0] - now)),
    use(now) {
      const mine = generation;
      idle.shift();
      underWay += 1;
      fewestUsable = Math.min(fewestUsable, usable(now));
      return (answeredAt) => {
        if (mine !== generation) return;
        underWay -= 1;
        add([answeredAt + windowMs]);
      };
    },
    add,
    takeOut: (slots) => idle.splice(0, slots),
    loseAll() {
      idle = [];
      underWay = 0;
      generation += 1;
    },
    unused(now) {
      const fewest = Math.min(fewestUsable, usable(now));
      fewestUsable = usable(now);
      return fewest;
    },
  };
}
