export { ConfigurationError, type SettingProblem } from './lib/configuration-error.js';
export { describeOrigin, loadEnvironment, type Environment, type EnvironmentSource, type Origin } from './lib/environment.js';
export type { ApiEntityOptions, PostgresOptions } from './lib/jobs-file/bronze-options.js';
export { DEFAULT_JOBS_FILE } from './lib/jobs-file/default-jobs-file.js';
export { Field, type Combination, type FieldRule, type Inside, type JsonSchema } from './lib/jobs-file/field.js';
export { JobsFileError, type JobsFileProblem } from './lib/jobs-file/jobs-file-error.js';
export type { ExpectationData } from './lib/jobs-file/expectations.js';
export { KNOWN, type Known } from './lib/jobs-file/known.js';
export { jobsFileSchema } from './lib/jobs-file/json-schema.js';
export { parseJobsFile } from './lib/jobs-file/parse-jobs-file.js';
export type { AroundOptions, MarketOptions } from './lib/jobs-file/market.js';
export type { S3BronzeOptions, S3RawOptions, SinkOptions } from './lib/jobs-file/sink-options.js';
export {
  SINKS,
  STREAM_FAMILIES,
  STREAM_KINDS,
  type Impossible,
  type JobContext,
  type StreamFamily,
  type StreamKind,
} from './lib/jobs-file/stream-kinds.js';
export type { RefreshPolicy, StreamOptionsOf } from './lib/jobs-file/stream-options.js';
export type { JobDefinition, JobsFile, JobStream } from './lib/jobs-file/types.js';
export { type Secret } from './lib/secrets/secret.js';
export {
  openSecrets,
  resolveSecrets,
  type Credentials,
  type SecretReader,
  type SecretStore,
  type SecretStoreOptions,
} from './lib/secrets/secret-store.js';
export { printableSettings, settingsTable } from './lib/settings/printable-settings.js';
export { RawSettings, type SettingName } from './lib/settings/raw-settings.js';
export { readSettings } from './lib/settings/read-settings.js';
export { needed } from './lib/settings/requirements.js';
export { settingDefinitions, type SettingDefinition } from './lib/settings/setting.js';
export {
  NEEDS,
  type ApiSettings,
  type CheckpointStore,
  type CommonSettings,
  type DatabaseSettings,
  type JobsFileLocation,
  type LogLevel,
  type Need,
  type NeededSettings,
  type PrintableSetting,
  type Settings,
} from './lib/settings/types.js';
export { suggestionFor } from './lib/suggestion.js';
