import type { Settings } from '@loadin/config';
import type { Clock } from '@loadin/resilience';
import type { Clients } from '../clients.js';
import type { Resource } from '../resource.js';
import { tagsFor } from '../tags.js';
import { bucketResource } from './bucket.js';
import { streamResource } from './stream.js';
import { tableResource } from './table.js';

export type SetupSettings = Settings<'raw' | 'stream' | 'state'>;

export interface WantedOptions {
  readonly settings: SetupSettings;
  readonly clients: Clients;
  readonly clock: Clock;
  /** Value of the tag Environment. */
  readonly environment: string;
}

/** Everything that the settings name, in the order in which it is made: buckets, stream, checkpoint table. */
export function wantedResources({ settings, clients, clock, environment }: WantedOptions): Resource[] {
  const tags = tagsFor(environment);
  const { region } = settings.aws;
  const buckets = bucketNames(settings).map((bucket) =>
    bucketResource({ client: clients.s3, bucket, region, tags, holdsLanding: bucket === settings.raw.bucket }),
  );
  const stream = streamResource({ client: clients.kinesis, streamName: settings.stream.name, shardCount: settings.stream.shardCount, tags, clock });
  const table = settings.state.kind === 'dynamodb' ? [tableResource({ client: clients.dynamodb, table: settings.state.table, tags, clock })] : [];
  return [...buckets, stream, ...table];
}

/** Settings may name one bucket for several purposes. */
function bucketNames({ raw, processed, logBucket, state }: SetupSettings): string[] {
  const names = [raw.bucket, processed?.bucket, logBucket, state.kind === 's3' ? state.bucket : undefined];
  return [...new Set(names.filter((name) => name !== undefined))];
}
