import type { S3Client } from '@aws-sdk/client-s3';
import { toLoadinError } from '@loadin/aws';
import type { LoadType, Profile } from '@loadin/quality';

export interface LatestProfilesOptions {
  readonly client: S3Client;
  readonly bucket: string;
  readonly entity: string;
  /** So many at most. */
  readonly count: number;
  /** Only loads of this kind. Default: of that of the latest one. */
  readonly loadType?: LoadType;
}

/** Loads of the other kind lie between those that are looked for: six weeks of hourly ones. */
export const MOST_READ = 1_000;
/** The latest, and the one that it is compared with: for these more is read than the latest few. */
const NEEDED = 2;

/**
 * The profiles of an entity's latest loads of one kind, the latest first. A profile is seen together with the rows of its load, so these are loads that were committed.
 * Throws `FatalError` for an object that is no profile.
 */
export async function latestProfiles({ client, bucket, entity, count, loadType }: LatestProfilesOptions): Promise<Profile[]> {
  const [{ profilesPrefix, readProfile }, { createS3ObjectStore }] = await Promise.all([import('./quality-parts.js'), import('../s3-parts.js')]);
  const lake = createS3ObjectStore({ client, bucket });
  const read = async (key: string): Promise<readonly Profile[]> => {
    const body = await lake.get(key);
    // Somebody has removed it since it was listed.
    return body === undefined ? [] : [readProfile(new TextDecoder().decode(body), `${lake.uri}/${key}`)];
  };
  const keys = await latestKeys(client, bucket, profilesPrefix(entity), MOST_READ);
  let wanted = loadType;
  const found: Profile[] = [];
  for (let at = 0; at < keys.length && found.length < NEEDED; at += count) {
    const profiles = (await Promise.all(keys.slice(at, at + count).map(read))).flat().sort(byTime);
    wanted ??= profiles[0]?.load_type;
    found.push(...profiles.filter(({ load_type: of }) => of === wanted));
  }
  return found.sort(byTime).slice(0, count);
}

const byTime = (a: Profile, b: Profile): number => (a.scheduled_time < b.scheduled_time ? 1 : a.scheduled_time > b.scheduled_time ? -1 : 0);

/** The entities that have profiles. */
export async function profiledEntities({ client, bucket }: Pick<LatestProfilesOptions, 'client' | 'bucket'>): Promise<string[]> {
  const [{ profilesPrefix }, { paginateListObjectsV2 }] = await Promise.all([import('./quality-parts.js'), import('./list-sdk.js')]);
  const prefix = profilesPrefix('').slice(0, -1);
  const found: string[] = [];
  try {
    for await (const { CommonPrefixes: folders = [] } of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix, Delimiter: '/' }))
      found.push(...folders.map(({ Prefix: folder = '' }) => folder.slice(prefix.length, -1)));
  } catch (error) {
    throw toLoadinError(error, { service: 'S3', operation: 'ListObjectsV2', resource: `s3://${bucket}/${prefix}` });
  }
  return found;
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
