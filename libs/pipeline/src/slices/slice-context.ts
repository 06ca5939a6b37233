import type { Clock } from '@loadin/resilience';
import type { Logger } from '@loadin/observability';
import type { Claims } from './claims.js';
import type { JobStream } from '../job.js';
import type { Ledger } from '../report/ledger.js';
import type { Plan, StreamPlan } from '../plan/plan.js';
import type { ObjectStore } from '../ports/object-store.js';
import type { BatchRecord, Sink, SliceAddress } from '../ports/sink.js';
import type { Slice } from '../ports/stream.js';
import type { ProgressKeeper } from './progress.js';
import type { SliceTimer } from './slice-time.js';

export interface SliceContext {
  readonly plan: Plan;
  readonly streamPlan: StreamPlan;
  readonly jobStream: JobStream;
  readonly lake: ObjectStore;
  readonly claims: Claims;
  readonly clock: Clock;
  /** Ends the slice at a batch boundary. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** The slice's progress item, held. */
  readonly keeper: ProgressKeeper;
  /** Counts what the slice waited for, from before its lease was taken. */
  readonly timer: SliceTimer;
  /** Set when the slice is rebuilt from its landed pages: then nothing is read from the source. */
  readonly replay?: SliceReplay;
  /** Called after every page group with the ledger so far. */
  readonly onProgress: (ledger: Ledger) => void;
}

/** How the second delivery of a slice differs from the first. */
export interface SliceReplay {
  /** Its progress is kept under this id, so that the run's own stays as it is. */
  readonly id: string;
  /** Whether the record is other than what was delivered before. */
  changed(record: BatchRecord): boolean;
  /** How it writes to a sink, and how many parts of it stand there: as many are written, the last ones empty if need be. */
  target(sink: Sink): { readonly sink: Sink; readonly leastParts: number };
}

/** What the batches of a slice have in common. */
export function addressOf(plan: Plan, streamPlan: StreamPlan, slice: Slice): SliceAddress {
  const { source, data_type: dataType, second, ingestion_id: ingestionId } = streamPlan;
  return { runId: plan.run_id, ingestionId, source, dataType, sliceOrdinal: slice.ordinal, second };
}
