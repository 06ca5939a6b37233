import { resourceNames, type EnvironmentSettings, type StackName } from '@loadin/infrastructure';
import { systemClock } from '@loadin/resilience';
import type { Clients } from '../clients.js';
import type { Resource } from '../resource.js';
import { tagsFor } from '../tags.js';
import { bucketResource } from './bucket.js';
import { streamResource } from './stream.js';
import { tableResource } from './table.js';

/** What both `create` and a stack can make, of one stack. */
export function sharedResources(stack: StackName, environment: EnvironmentSettings, clients: Clients): Resource[] {
  const names = resourceNames({ ...environment, environment: environment.name });
  const tags = tagsFor(environment.name);
  const { region } = environment;
  if (stack === 'storage')
    return [
      ...[names.rawBucket, names.bronzeBucket, names.processedBucket].map((bucket) =>
        bucketResource({ client: clients.s3, bucket, region, tags, holdsLanding: bucket === names.rawBucket }),
      ),
      tableResource({ client: clients.dynamodb, table: names.checkpointTable, tags, clock: systemClock }),
    ];
  if (stack !== 'streaming') return [];
  const shardCount = environment.sizes.streamShards;
  return [streamResource({ client: clients.kinesis, streamName: names.stream, shardCount, tags, clock: systemClock })];
}

/** The bucket that templates and zips are deployed from. It belongs to no stack: stacks come out of it. */
export function artifactsOf(environment: EnvironmentSettings, clients: Clients): Resource[] {
  const { artifactsBucket: bucket } = resourceNames({ ...environment, environment: environment.name });
  return [bucketResource({ client: clients.s3, bucket, region: environment.region, tags: tagsFor(environment.name), holdsLanding: false })];
}
