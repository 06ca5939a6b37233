export { checkSetup, type CheckSetupOptions } from './lib/check-setup.js';
export type { CheckLine } from './lib/check-line.js';
export { describeCatalogue, type DescribeCatalogueOptions } from './lib/catalogue/describe-catalogue.js';
export { listState, type StateEntry } from './lib/list-state.js';
export { planJob, type PlanJobOptions } from './lib/plan/plan-job.js';
export type * from './lib/plan/types.js';
export { previewStream, type PreviewItem, type PreviewOptions } from './lib/preview.js';
export { replayJobs, type ReplayJobsOptions } from './lib/replay-jobs.js';
export { runNamedJob, type NamedRunOptions, type RunNamedJobOptions } from './lib/run-named-job.js';
export type { NamedJobOptions } from './lib/open-job.js';
export type { MetricsWriter } from './lib/metrics/tell-metrics.js';
export type { EncoderOptions } from './lib/bronze/encoder-threads.js';
export {
  finishNamedJob,
  planNamedJob,
  runNamedSlice,
  type FinishNamedJobOptions,
  type NamedPlan,
  type PlanNamedJobOptions,
  type RunNamedSliceOptions,
  type SliceOfRun,
} from './lib/named-phases.js';
export { listJobRuns, showJobRun, type RunsOptions, type ShowRunOptions } from './lib/operations/runs.js';
export { discoverPostgres, type DiscoverTablesOptions, type Discovery, type NamedTable } from './lib/operations/discover.js';
export { dueTimeOf, listSchedules, withState, type DueTimeOptions, type JobSchedule } from './lib/operations/schedules.js';
export { neededResources, type NeededResources } from './lib/operations/needed-resources.js';
export { showProfile, type EntityProfile, type ProfileOptions } from './lib/operations/profile.js';
export { verifyJobRuns, type VerifyOptions } from './lib/operations/verify.js';
export {
  discardDeadLetters,
  listDeadLetters,
  retryDeadLetters,
  showDeadLetter,
  type LettersOptions,
  type ListLettersOptions,
  type RetryLettersOptions,
} from './lib/operations/dead-letters.js';
export { changeCheckpoint, resetState, restoreState, showCheckpoint, type CheckpointChange, type CheckpointName } from './lib/operations/state.js';
export { measureVolumes, type MeasureOptions } from './lib/operations/volumes/measure.js';
export type * from './lib/operations/volumes/types.js';
export { tryCredential, type ApiSource, type TryCredentialOptions } from './lib/operations/try-credential.js';
