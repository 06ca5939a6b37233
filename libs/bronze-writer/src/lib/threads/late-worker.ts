import { startEncoderWorker, type EncoderWorker } from './encoder-worker.js';
import type { EncoderSetup } from './messages.js';
import type { BronzeLoad } from '../load.js';

/** A thread that is started when it pays. */
export interface LateWorker {
  /** `undefined` as long as there is none. */
  readonly worker: EncoderWorker | undefined;
  /**
   * The same, when it may be started now.
   * @param bytes of rows that have come
   */
  from(bytes: number): EncoderWorker | undefined;
  close(): Promise<void>;
}

export function lateWorker(setup: EncoderSetup, { threads, threadFile, threadWhen = () => true }: BronzeLoad): LateWorker {
  let worker: EncoderWorker | undefined;
  return {
    get worker() {
      return worker;
    },
    from: (bytes) => (worker ??= threads === 1 && threadWhen(bytes) ? startEncoderWorker(setup, threadFile) : undefined),
    close: async () => worker?.close(),
  };
}
