import type { S3Client } from '@aws-sdk/client-s3';
import { toLoadinError } from '@loadin/aws';
import type { Profile } from '@loadin/quality';

export interface LatestProfilesOptions {
  readonly client: S3Client;
  readonly bucket: string;
  readonly entity: string;
  /** So many at most. */
  readonly count: number;
}

/**
 * The profiles of an entity's latest loads, the latest first. A profile is seen together with the rows of its load, so these are loads that were committed.
 * Throws `FatalError` for an object that is no profile.
 */
export async function latestProfiles({ client, bucket, entity, count }: LatestProfilesOptions): Promise<Profile[]> {
  const [{ profilesPrefix, readProfile }, { createS3ObjectStore }] = await Promise.all([import('./quality-parts.js'), import('../s3-parts.js')]);
  const lake = createS3ObjectStore({ client, bucket });
  const keys = await latestKeys(client, bucket, profilesPrefix(entity), count);
  const profiles = await Promise.all(
    keys.map(async (key) => {
      const body = await lake.get(key);
      // Somebody has removed it since it was listed.
      return body === undefined ? [] : [readProfile(new TextDecoder().decode(body), `${lake.uri}/${key}`)];
    }),
  );
  return profiles.flat().sort((a, b) => (a.scheduled_time < b.scheduled_time ? 1 : a.scheduled_time > b.scheduled_time ? -1 : 0));
}

/** Names are ids and say nothing of the order; S3 knows when an object came. Those of one second are all as late. */
async function latestKeys(client: S3Client, bucket: string, prefix: string, count: number): Promise<string[]> {
  const { paginateListObjectsV2 } = await import('./list-sdk.js');
  let latest: { readonly key: string; readonly at: number }[] = [];
  try {
    for await (const { Contents: page = [] } of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
      const found = page.flatMap(({ Key: key, LastModified: at }) => (key?.endsWith('.json') && at !== undefined ? [{ key, at: at.getTime() }] : []));
      latest = [...latest, ...found].sort((a, b) => b.at - a.at).slice(0, count);
    }
  } catch (error) {
    throw toLoadinError(error, { service: 'S3', operation: 'ListObjectsV2', resource: `s3://${bucket}/${prefix}` });
  }
  return latest.map(({ key }) => key);
}
