import { readSettings, type Environment, type Settings } from '@loadin/config';
import type { Stores } from '@loadin/pipeline';
import type { AwsConnections } from '../aws-connections.js';
import { connect } from '../connect.js';
import { openLake, openState } from '../stores.js';

export interface OpenStores extends Stores {
  readonly settings: Settings;
  readonly aws: AwsConnections;
}

/** Lake and state as the settings say, open for as long as `use` takes. None of a source's settings is needed. */
export async function withStores<Result>(environment: Environment, use: (stores: OpenStores) => Promise<Result>): Promise<Result> {
  const settings: Settings = readSettings(environment, ['raw', 'state']);
  const aws = connect(environment);
  try {
    const [lake, state] = await Promise.all([openLake(settings, aws), openState(settings, aws)]);
    return await use({ lake, state, settings, aws });
  } finally {
    await aws.close();
  }
}
