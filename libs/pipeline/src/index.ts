export type { Clock, ErrorAction, SleepOptions, StopReason } from '@loadin/resilience';
export { actionOf, FatalError, LoadinError, oneLine, RetryableError, SkippableError, StopError, systemClock } from '@loadin/resilience';
export type { Logger, Meter, MeterName } from '@loadin/observability';
export { silentLogger, silentMeter } from '@loadin/observability';
export type * from './ports/cursor.js';
export type * from './ports/json.js';
export type * from './ports/stream.js';
export type * from './ports/loader.js';
export type * from './ports/sink.js';
export type * from './ports/state-store.js';
export type * from './ports/object-store.js';
export type * from './ports/transform.js';
export * from './errors.js';
export { canonicalJson, recordHash } from './hash.js';
export { ingestionId, runId, uuidV5, type RunIdentity } from './identity.js';
export { isoSecond, parseScheduledTime, plusSeconds } from './time.js';
export type { Job, JobStream, LoadedStream, StreamOfJob } from './job.js';
export type { Plan, StreamPlan } from './plan/plan.js';
export { slicesAhead, type SlicesAheadOptions } from './plan/slices-ahead.js';
export type { Ledger, ReadLedger, SinkLedger } from './report/ledger.js';
export type { DeadLetter } from './slices/dead-letters.js';
export type { Dataset, ReportedError, RunReport, RunStatus, RunTime, StreamReport } from './report/report.js';
export { earlyStop, type EarlyStop } from './report/early-stop.js';
export type { RunEvent, RunObserver } from './events.js';
export type { RunRecord } from './runs/run-record.js';
export { checkpointKey, readCheckpoint, type Checkpoint } from './checkpoint.js';
export { cursorOrder, type CursorOrder } from './cursors/order.js';
export { compareRanks, rankOf, utcText, type Rank } from './cursors/rank.js';
export { runJob, type RunOptions } from './runs/run.js';
export { planRun, type PlannedRun, type PlannedSlice, type PlanRunOptions } from './phases/plan-run.js';
export { runPlannedSlice, type RunSliceOptions, type SliceReport } from './phases/run-slice.js';
export { finishRun, type FinishRunOptions } from './phases/finish-run.js';
export type { PhaseOptions } from './phases/phase-options.js';
export type { SlicesOptions } from './phases/run-slices.js';
export type { SliceTime } from './slices/slice-time.js';
export { replayRuns, type ReplayOptions } from './replay/replay.js';
export type { ObjectChanges, ReplayedRun, ReplayedStream, ReplayReport } from './replay/replay-report.js';
export type { RecordChanges } from './replay/survey.js';
export { replayWindow, type ReplayWindow } from './replay/window.js';
export type { Stores } from './operations/stores.js';
export { findRunByName } from './operations/find-run.js';
export { listRuns, type ListRunsOptions } from './operations/list-runs.js';
export type { RunCounts, RunDetails, RunStreamDetails, RunSummary } from './operations/run-types.js';
export { showRun } from './operations/show-run.js';
export type {
  CommittedLoad,
  Difference,
  DifferenceKind,
  LoadReader,
  LoadToVerify,
  StreamEntry,
  StreamReader,
  VerifiedRun,
  VerifiedStream,
  VerifyContext,
} from './operations/verify/types.js';
export { checkObject as checkRawObject, type Belongs, type CheckedObject } from './operations/verify/check-object.js';
export { verifyRuns, type VerifySelection } from './operations/verify/verify-runs.js';
export { discardLetters } from './operations/letters/discard.js';
export { findLetter, findLetters } from './operations/letters/find-letters.js';
export { retryLetters } from './operations/letters/retry.js';
export type { LetterSelection, OpenLetter, RetryContext, RetryReport } from './operations/letters/types.js';
