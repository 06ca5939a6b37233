import type { LoadCounts } from '../ports/loader.js';
import type { Ledger } from '../report/ledger.js';
import type { LoadContext } from './load-slice.js';
import { faultOfCounts, ledgerOfLoad } from './loaded.js';
import type { SliceProgress } from './progress.js';

/** Tells how far a load is. */
export interface LoadWatch {
  readonly onProgress: (counts: LoadCounts) => void;
  /** By what the loader said last. Nothing of it is delivered: it is committed as a whole. */
  ledger(): Ledger;
  /** What is told from now on is passed over. */
  end(): void;
}

/** Milliseconds between two saves of what somebody may look at while a load goes on. */
const SAVED_EVERY = 10_000;
const nothing: LoadCounts = { read: 0, deduplicated: 0, rejected: 0 };

export function createLoadWatch(
  { keeper, clock, jobStream, onProgress }: Pick<LoadContext, 'keeper' | 'clock' | 'jobStream' | 'onProgress'>,
  progressOf: (ledger: Ledger) => SliceProgress,
): LoadWatch {
  let counts = nothing;
  let isOver = false;
  let isSaving = false;
  let savedAt = clock.now();
  const ledger = (): Ledger => ledgerOfLoad(jobStream.loader.name, counts, 'pending');
  const save = async (): Promise<void> => {
    isSaving = true;
    savedAt = clock.now();
    // Nothing goes by it: that the slice was taken over is told by its signal, and other failures of the store are met again at the end.
    await keeper.save(progressOf(ledger())).catch(() => undefined);
    isSaving = false;
  };
  return {
    onProgress(said) {
      if (isOver || faultOfCounts(said) !== undefined) return;
      counts = { read: said.read, deduplicated: said.deduplicated, rejected: said.rejected };
      onProgress(ledger());
      if (!isSaving && clock.now() - savedAt >= SAVED_EVERY) void save();
    },
    ledger,
    end() {
      isOver = true;
    },
  };
}
