import type { Settings } from '@loadin/config';
import type { Clock } from '@loadin/resilience';
import type { Clients } from '../clients.js';
import type { Resource } from '../resource.js';
import { tagsFor } from '../tags.js';
import { bucketResource } from './bucket.js';
import { streamResource } from './stream.js';
import { tableResource } from './table.js';

/** Of the buckets at least one that is needed is set. */
export type SetupSettings = Settings<'aws' | 'stream' | 'state'>;

export interface WantedOptions {
  readonly settings: SetupSettings;
  readonly clients: Clients;
  readonly clock: Clock;
  /** Value of the tag Environment. */
  readonly environment: string;
  /** Somebody sends to the stream. */
  readonly stream: boolean;
}

/** Everything that the settings name and somebody needs, in the order in which it is made: buckets, stream, checkpoint table. */
export function wantedResources({ settings, clients, clock, environment, stream: needsStream }: WantedOptions): Resource[] {
  const tags = tagsFor(environment);
  const { region } = settings.aws;
  const buckets = bucketNames(settings).map((bucket) =>
    bucketResource({ client: clients.s3, bucket, region, tags, holdsLanding: bucket === settings.raw?.bucket }),
  );
  const { name: streamName, shardCount } = settings.stream;
  const stream = needsStream ? [streamResource({ client: clients.kinesis, streamName, shardCount, tags, clock })] : [];
  const table = settings.state.kind === 'dynamodb' ? [tableResource({ client: clients.dynamodb, table: settings.state.table, tags, clock })] : [];
  return [...buckets, ...stream, ...table];
}

/** Settings may name one bucket for several purposes. */
function bucketNames({ raw, processed, logBucket, state }: SetupSettings): string[] {
  const names = [raw?.bucket, processed?.bucket, logBucket, state.kind === 's3' ? state.bucket : undefined];
  return [...new Set(names.filter((name) => name !== undefined))];
}
