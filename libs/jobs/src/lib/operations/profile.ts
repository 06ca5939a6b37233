import { needed, readSettings, type Environment } from '@loadin/config';
import type { Drift, LoadType, Profile } from '@loadin/quality';
import { FatalError } from '@loadin/resilience';
import { connect } from '../connect.js';
import { latestProfiles } from './latest-profiles.js';

export interface ProfileOptions {
  readonly environment: Environment;
  /** `orders` */
  readonly entity: string;
  /** Only loads of this kind. Default: the latest of either. */
  readonly loadType?: LoadType;
}

export interface EntityProfile {
  /** `s3://…/_loadin/profiles/orders/` */
  readonly uri: string;
  /** Of the latest load. */
  readonly profile: Profile;
  /** The one before of the same kind, else of the other; `null` for the first load. */
  readonly before: Profile | null;
  /** What has changed between the two. */
  readonly drift: readonly Drift[];
  /** The latest loads of the same kind, the latest last. */
  readonly loads: readonly Pick<Profile, 'ingestion_id' | 'scheduled_time' | 'load_type' | 'rows'>[];
}

/** As many loads as a terminal has room for, of the two kinds together. */
const LOADS = 24;

/** What the rows of an entity's latest load are like, and what has changed since the load before. Throws `FatalError` when it has no profile. */
export async function showProfile({ environment, entity, loadType }: ProfileOptions): Promise<EntityProfile> {
  const { bucket } = needed(readSettings(environment, ['bronze']), 'bronze');
  const uri = `s3://${bucket}/_loadin/profiles/${entity}/`;
  const aws = connect(environment);
  try {
    const found = await latestProfiles({ client: await aws.s3(), bucket, entity, count: LOADS });
    const [profile, ...earlier] = found.filter(({ load_type }) => loadType === undefined || load_type === loadType);
    if (profile === undefined) throw noProfile(entity, loadType, uri);
    const alike = [profile, ...earlier].filter(({ load_type }) => load_type === profile.load_type);
    const before = alike[1] ?? earlier[0] ?? null;
    const { findDrift } = await import('./quality-parts.js');
    return { uri, profile, before, drift: before === null ? [] : findDrift(before, profile), loads: alike.reverse().map(asLoad) };
  } finally {
    await aws.close();
  }
}

const asLoad = ({ ingestion_id, scheduled_time, load_type, rows }: Profile): EntityProfile['loads'][number] => ({
  ingestion_id,
  scheduled_time,
  load_type,
  rows,
});

const noProfile = (entity: string, loadType: LoadType | undefined, where: string): FatalError =>
  new FatalError(`There is no profile of ${loadType === undefined ? 'a' : `${loadType === 'full' ? 'a' : 'an'} ${loadType}`} load of "${entity}"`, {
    where,
    hint: 'Profiles come with the loads of bronze jobs; an entity is named as its folder: orders.',
  });
