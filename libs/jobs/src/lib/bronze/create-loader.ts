import { FatalError, type Loader } from '@loadin/pipeline';
import type { BronzeContext, BronzeEntity } from './types.js';

/** The name of the sink in the jobs file, and of the loader in the ledger. */
export const BRONZE = 's3_bronze';

/** Brings one entity's slices into bronze: rows into Parquet, committed as one. Opens nothing before it loads. */
export function createBronzeLoader(entity: BronzeEntity, context: BronzeContext): Loader {
  return {
    name: BRONZE,
    layout: `parquet.${entity.compression ?? 'zstd'}`,
    async load(load) {
      throw new FatalError(`Loads of ${entity.kind}s are not built in yet`, { where: `s3://${context.bucket}/data/bronze/${load.dataType}` });
    },
  };
}
