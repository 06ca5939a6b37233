/** How much may be with the sink at a time: what was handed in and is not yet answered for. */
export interface OutstandingLimits {
  readonly records: number;
  readonly bytes: number;
}

export interface Outstanding {
  /** Waits, in the order of the calls, until there is room. What is larger than the limit enters when nothing else is there. Rejects with the signal's reason. */
  enter(size: OutstandingLimits, signal: AbortSignal): Promise<void>;
  leave(size: OutstandingLimits): void;
}

interface Waiting {
  readonly size: OutstandingLimits;
  readonly enter: () => void;
}

export function createOutstanding(limits: OutstandingLimits): Outstanding {
  const inside = { records: 0, bytes: 0 };
  const waiting: Waiting[] = [];

  const add = ({ records, bytes }: OutstandingLimits, sign: 1 | -1): void => {
    inside.records += sign * records;
    inside.bytes += sign * bytes;
  };
  const hasRoom = ({ records, bytes }: OutstandingLimits): boolean =>
    inside.records === 0 || (inside.records + records <= limits.records && inside.bytes + bytes <= limits.bytes);
  const letIn = (): void => {
    for (let first = waiting[0]; first !== undefined && hasRoom(first.size); first = waiting[0]) {
      waiting.shift();
      add(first.size, 1);
      first.enter();
    }
  };

  return {
    enter: (size, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const onAbort = (): void => {
          waiting.splice(waiting.indexOf(one), 1);
          reject(signal.reason);
          letIn();
        };
        const one: Waiting = {
          size,
          enter: () => {
            signal.removeEventListener('abort', onAbort);
            resolve();
          },
        };
        signal.addEventListener('abort', onAbort, { once: true });
        waiting.push(one);
        letIn();
      }),
    leave(size) {
      add(size, -1);
      letIn();
    },
  };
}
