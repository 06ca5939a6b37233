/** Time as a port, so that tests never wait and output never depends on the machine's clock by accident. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason as soon as it is aborted. */
  sleep(ms: number, signal?: AbortSignal, options?: SleepOptions): Promise<void>;
}

export interface SleepOptions {
  /**
   * `true`: something that happens beside the work (a renewal), for which nothing waits: it does not keep the process alive, nor does it move a
   * clock that jumps to the next wake-up. Default `false`.
   */
  readonly background?: boolean;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal, { background = false } = {}) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = (): void => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, ms);
      if (background) timer.unref();
      signal?.addEventListener('abort', onAbort, { once: true });
    }),
};
