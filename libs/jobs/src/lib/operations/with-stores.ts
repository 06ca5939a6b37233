import { readSettings, type Environment, type Settings } from '@loadin/config';
import type { ObjectStore, Stores } from '@loadin/pipeline';
import type { AwsConnections } from '../aws-connections.js';
import { connect } from '../connect.js';
import { openLake, openState } from '../stores.js';
import { bothLakes } from './both-lakes.js';
import { optionalLake } from './optional-lake.js';

export interface OpenStores extends Stores {
  /** The buckets that `lake` is made of: that of records, where there is one, before that of bronze. */
  readonly lakes: readonly [ObjectStore, ...ObjectStore[]];
  readonly settings: Settings;
  readonly aws: AwsConnections;
}

/** Lake and state as the settings say, open for as long as `use` takes. Runs of all jobs are found, in whichever of the two buckets they lie. None of a source's settings is needed. */
export async function withStores<Result>(environment: Environment, use: (stores: OpenStores) => Promise<Result>): Promise<Result> {
  const settings = settingsOf(environment);
  const aws = connect(environment);
  try {
    const [first, ...others] = bucketsOf(settings).map(async (bucket, index) => {
      const lake = await openLake(settings, aws, bucket);
      return index === 0 ? lake : optionalLake(lake, 'S3_BUCKET_NAME');
    });
    const [lake, state, ...more] = await Promise.all([first ?? openLake(settings, aws), openState(settings, aws), ...others]);
    return await use({ lake: more.reduce(bothLakes, lake), lakes: [lake, ...more], state, settings, aws });
  } finally {
    await aws.close();
  }
}

/** One of the buckets is enough: who only loads entities has no other. */
function settingsOf(environment: Environment): Settings {
  const { raw, bronze } = readSettings(environment, []);
  return readSettings(environment, [raw === undefined && bronze !== undefined ? 'bronze' : 'raw', 'state']);
}

const bucketsOf = ({ raw, bronze }: Settings): string[] => [...new Set([raw, bronze].flatMap((lake) => lake?.bucket ?? []))];
