import { needed } from '@loadin/config';
import type { PostgresOptions } from '@loadin/postgres-source';
import { databaseConnection } from '../database.js';
import type { EntityContext } from './types.js';

/** How the database of the settings is asked. Nothing is opened. */
export async function databaseOptions({ settings, secrets }: Pick<EntityContext, 'settings' | 'secrets'>): Promise<PostgresOptions> {
  const parts = await import('./postgres-parts.js');
  return { connection: databaseConnection(needed(settings, 'postgres'), secrets, parts) };
}
