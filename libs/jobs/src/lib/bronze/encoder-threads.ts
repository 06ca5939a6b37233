import { availableParallelism } from 'node:os';
import type { BronzeLoad } from '@loadin/bronze-writer';

/** Where row groups are made, beside the thread that reads. */
export interface EncoderOptions {
  /** Threads of all loads of the process together. Default: one where there are two processors: each needs some 100 MB, of the 400 that a run may take. */
  readonly threads?: number;
  /** Where the thread's module lies in a program that is bundled: `@loadin/bronze-writer/encoder-thread`. Default: in the library. */
  readonly threadFile?: URL;
}

/** Threads that make row groups, shared by the loads that run side by side. */
export interface EncoderThreads {
  /**
   * For one load.
   * @param onTaken a thread is started for it
   */
  place(onTaken?: () => void): ThreadPlace;
}

export interface ThreadPlace {
  /** What the writer is told: it may take a thread when enough rows have come and one is free. */
  readonly load: Pick<BronzeLoad, 'threads' | 'threadFile' | 'threadWhen'>;
  /** The load has ended, however. */
  leave(): void;
}

export interface EncoderThreadsOptions extends EncoderOptions {
  /** Bytes of rows from which a thread pays: some 100,000 rows, which take longer than to start it. Default: 32 MiB. */
  readonly fromBytes?: number;
}

const MIB = 1024 * 1024;
const MOST = 1;

export function createEncoderThreads({
  threads = Math.min(MOST, availableParallelism() - 1),
  threadFile,
  fromBytes = 32 * MIB,
}: EncoderThreadsOptions = {}): EncoderThreads {
  let free = threads;
  return {
    place(onTaken = () => undefined) {
      let isTaken = false;
      const threadWhen = (bytes: number): boolean => {
        if (isTaken || bytes < fromBytes || free === 0) return isTaken;
        free -= 1;
        isTaken = true;
        onTaken();
        return true;
      };
      return {
        load: threads === 0 ? { threads: 0 } : { threads: 1, threadFile, threadWhen },
        leave() {
          if (isTaken) free += 1;
          isTaken = false;
        },
      };
    },
  };
}
