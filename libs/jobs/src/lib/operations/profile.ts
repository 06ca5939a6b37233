import { needed, readSettings, suggestionFor, type Environment } from '@loadin/config';
import type { Drift, LoadType, Profile } from '@loadin/quality';
import { FatalError } from '@loadin/resilience';
import { connect } from '../connect.js';
import { latestProfiles, MOST_READ, profiledEntities } from './latest-profiles.js';

export interface ProfileOptions {
  readonly environment: Environment;
  /** `orders`, or as its stream is called: `postgres.orders`. */
  readonly entity: string;
  /** Only loads of this kind. Default: the latest of either. */
  readonly loadType?: LoadType;
}

export interface EntityProfile {
  /** `s3://…/_loadin/profiles/orders/` */
  readonly uri: string;
  /** Of the latest load. */
  readonly profile: Profile;
  /** The one before of the same kind; `null` for the first one. What has changed is another selection of rows than all of them. */
  readonly before: Profile | null;
  /** What has changed between the two. */
  readonly drift: readonly Drift[];
  /** The latest loads of the same kind, the latest last. */
  readonly loads: readonly Pick<Profile, 'ingestion_id' | 'scheduled_time' | 'load_type' | 'rows'>[];
}

/** As many loads as a terminal has room for. */
const LOADS = 24;

/** What the rows of an entity's latest load are like, and what has changed since the load before. Throws `FatalError` when it has no profile. */
export async function showProfile({ environment, entity: name, loadType }: ProfileOptions): Promise<EntityProfile> {
  const { bucket } = needed(readSettings(environment, ['bronze']), 'bronze');
  const entity = name.slice(name.indexOf('.') + 1);
  const uri = `s3://${bucket}/_loadin/profiles/${entity}/`;
  const aws = connect(environment);
  try {
    const client = await aws.s3();
    const loads = await latestProfiles({ client, bucket, entity, count: LOADS, loadType });
    const [profile, before = null] = loads;
    if (profile === undefined) throw noProfile({ entity, loadType, where: uri, known: await profiledEntities({ client, bucket }) });
    const { findDrift } = await import('./quality-parts.js');
    return { uri, profile, before, drift: before === null ? [] : findDrift(before, profile), loads: loads.reverse().map(asLoad) };
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

interface Missing {
  readonly entity: string;
  readonly loadType: LoadType | undefined;
  readonly where: string;
  readonly known: readonly string[];
}

function noProfile({ entity, loadType, where, known }: Missing): FatalError {
  const load = loadType === undefined ? 'a load' : `${loadType === 'full' ? 'a full' : 'an incremental'} load`;
  if (known.includes(entity))
    return new FatalError(`There is no profile of ${load} of "${entity}"`, {
      where,
      hint: `Its latest loads, at most ${MOST_READ}, were of the other kind.`,
    });
  const near = suggestionFor(entity, known);
  const hint = known.length === 0 ? 'Profiles come with the loads of bronze jobs: none has been yet.' : `There are profiles of ${known.join(', ')}.`;
  return new FatalError(`There is no profile of ${load} of "${entity}"${near === undefined ? '' : `; did you mean "${near}"?`}`, { where, hint });
}
