/** Places for slices in flight. */
export interface Slots {
  /** Waits for a place; what it gives, frees the place again, and is called once. */
  take(stream: string): Promise<() => void>;
}

export interface SlotLimits {
  readonly perStream: number;
  readonly overall: number;
}

/**
 * A free place goes to the stream that has the fewest slices in flight, so that a slow stream, whose slices keep their places for long, can't have all of
 * them. Slices of one stream get places in the order in which they asked.
 */
export function createSlots({ perStream, overall }: SlotLimits): Slots {
  const inFlight = new Map<string, number>();
  const waiting = new Map<string, ((free: () => void) => void)[]>();
  let all = 0;

  const count = (stream: string): number => inFlight.get(stream) ?? 0;
  const nextStream = (): string | undefined => {
    let best: string | undefined;
    for (const [stream, { length }] of waiting) {
      if (length > 0 && count(stream) < perStream && (best === undefined || count(stream) < count(best))) best = stream;
    }
    return best;
  };
  const change = (stream: string, by: 1 | -1): void => {
    all += by;
    inFlight.set(stream, count(stream) + by);
  };
  const fill = (): void => {
    for (let stream = nextStream(); stream !== undefined && all < overall; stream = nextStream()) {
      const [taken, queue] = [stream, waiting.get(stream) ?? []];
      const begin = queue.shift();
      // Of streams with as many in flight it is the turn of those that have waited longer.
      waiting.delete(taken);
      waiting.set(taken, queue);
      change(taken, 1);
      begin?.(() => {
        change(taken, -1);
        fill();
      });
    }
  };
  return {
    take: (stream) =>
      new Promise((resolve) => {
        const queue = waiting.get(stream) ?? [];
        waiting.set(stream, queue);
        queue.push(resolve);
        fill();
      }),
  };
}
