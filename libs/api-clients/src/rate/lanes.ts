/** Callers who wait, in lanes that are served in turn; within a lane in the order in which they came. */
export interface Lanes<Caller> {
  readonly size: number;
  add(lane: string, caller: Caller): void;
  /** Takes out the next one. */
  next(): Caller | undefined;
  /** Takes out one that doesn't wait any more. */
  remove(lane: string, caller: Caller): void;
  /** Takes out all of them. */
  clear(): Caller[];
}

export function createLanes<Caller>(): Lanes<Caller> {
  const lanes = new Map<string, Caller[]>(); // in the order of their turns; none is empty
  let size = 0;
  return {
    get size() {
      return size;
    },
    add(lane, caller) {
      const callers = lanes.get(lane);
      if (callers === undefined) lanes.set(lane, [caller]);
      else callers.push(caller);
      size += 1;
    },
    next() {
      const [turn] = lanes;
      if (turn === undefined) return undefined;
      const [lane, callers] = turn;
      const caller = callers.shift();
      size -= 1;
      lanes.delete(lane);
      if (callers.length > 0) lanes.set(lane, callers); // its next turn is after all others'
      return caller;
    },
    remove(lane, caller) {
      const callers = lanes.get(lane);
      const at = callers?.indexOf(caller) ?? -1;
      if (callers === undefined || at < 0) return;
      callers.splice(at, 1);
      size -= 1;
      if (callers.length === 0) lanes.delete(lane);
    },
    clear() {
      const all = [...lanes.values()].flat();
      lanes.clear();
      size = 0;
      return all;
    },
  };
}
