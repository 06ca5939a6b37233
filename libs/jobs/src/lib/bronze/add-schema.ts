import type { SchemaVersion } from '@loadin/bronze-writer';
import { createSchemaStore, type SchemaOf } from './schema-store.js';
import type { BronzeContext } from './types.js';

/** Keeps what a load has ended with; may be repeated. */
export async function addSchema(context: BronzeContext, schema: SchemaVersion, of: SchemaOf): Promise<void> {
  const { latestSchema } = await import('./writer-parts.js');
  const latest = latestSchema({ entity: of.entity, versions: [schema] });
  if (latest !== undefined) await createSchemaStore(context, of.entity).add(latest, of);
}
