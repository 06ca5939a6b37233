import type { JobDefinition, SecretStore, Settings } from '@loadin/config';
import type { Clock, StateStore, StreamOfJob } from '@loadin/pipeline';
import type { AwsConnections } from './aws-connections.js';
import type { EncoderOptions } from './bronze/encoder-threads.js';
import type { OpenChanges } from './changes/open-changes.js';

/** What the streams of a job are made of. */
export interface StreamParts {
  readonly settings: Settings;
  readonly aws: AwsConnections;
  readonly secrets: SecretStore;
  readonly clock: Clock;
  readonly dryRun: boolean;
  readonly changes: OpenChanges;
  /** Where calls are counted: a dry run spends quota as any other. */
  readonly state: StateStore;
  /** Where everything else is kept: of a dry run nothing. */
  readonly runState: StateStore;
  /** The job with all its streams, also those that are not asked for. */
  readonly wholeJob: JobDefinition;
  /** Of bronze. */
  readonly encoder: EncoderOptions | undefined;
}

export interface OpenStreams {
  readonly streams: readonly StreamOfJob[];
  readonly close: () => Promise<void>;
}
