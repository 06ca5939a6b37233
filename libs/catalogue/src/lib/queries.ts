import type { Statement } from './types.js';

/** For whoever watches over the pipeline; to be kept as Athena's named queries. */
export const RECENT_RUNS: Statement = {
  kind: 'query',
  name: 'Recent ingestion runs',
  database: 'logs',
  description: 'The runs of the last seven days, the latest first.',
  sql: `SELECT *\nFROM "logs"."ingestion_runs"\nWHERE "date" > current_date - interval '7' day\nORDER BY "date" DESC, "time" DESC`,
  notes: [],
};

export const BRONZE_COUNTS: Statement = {
  kind: 'query',
  name: 'Bronze data counts',
  database: 'bronze',
  description: 'Rows by ingestion date, load type and entity, the latest first.',
  sql: `SELECT "ingestion_date", "load_type", "entity", "record_count"\nFROM "bronze"."counts"\nORDER BY "ingestion_date" DESC, "entity", "load_type"`,
  notes: [],
};
