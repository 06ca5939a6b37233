import { createTable, days } from './external-table.js';
import { DEFAULT_SINCE, type Statement } from './types.js';

/**
 * What log lines may have; each line has `timestamp`, `level`, `message`, those of a run `run_id` and `attempt`. Numbers are read as texts: one line that has something
 * else under that name would make every query fail.
 */
const COLUMNS = [
  ['timestamp', 'string'],
  ['level', 'string'],
  ['message', 'string'],
  ['run_id', 'string'],
  ['attempt', 'string'],
  ['job', 'string'],
  ['scheduled_time', 'string'],
  ['stream', 'string'],
  ['slice', 'string'],
  ['status', 'string'],
  ['read', 'string'],
  ['accepted', 'string'],
  ['rejected', 'string'],
  ['deduplicated', 'string'],
  ['duration_ms', 'string'],
  ['problems', 'array<string>'],
  ['error', 'string'],
] as const;

/** Lines that say the beginning or the end of a run, and its job. */
const NAMED = '^(Starting|Completed|Stopped|Failed): (.+)$';

/** `logs.lines`, each line of every run's log, and `logs.ingestion_runs`, a row for each run. */
export function logStatements({ bucket, since = DEFAULT_SINCE }: { readonly bucket: string; readonly since?: string }): Statement[] {
  const location = `s3://${bucket}/logs/pipeline/ingestion`;
  return [
    {
      kind: 'table',
      name: 'logs.lines',
      database: 'logs',
      description: 'Lines of the logs of all runs.',
      sql: createTable({ name: 'logs.lines', columns: COLUMNS, partitions: [days('date', since)], format: 'json', location }),
      notes: [],
    },
    {
      kind: 'view',
      name: 'logs.ingestion_runs',
      database: 'logs',
      description: 'Runs, a row for each: when it was scheduled (UTC), and what its last attempt came to.',
      sql: RUNS,
      notes: [],
    },
  ];
}

/** A run whose log has no line of its end was killed before it could say: its status is null. */
const RUNS = `CREATE OR REPLACE VIEW "logs"."ingestion_runs" AS
WITH said AS (
  SELECT
    *,
    "stream" IS NULL AND "problems" IS NOT NULL AS "ended",
    CASE WHEN "stream" IS NULL AND ("problems" IS NOT NULL OR "scheduled_time" IS NOT NULL) THEN regexp_extract("message", '${NAMED}', 2) END AS "named"
  FROM "logs"."lines"
  WHERE "run_id" IS NOT NULL
),
runs AS (
  SELECT
    "date",
    "run_id",
    max("scheduled_time") AS "scheduled_time",
    coalesce(max("job"), max("named")) AS "job",
    max(TRY_CAST("attempt" AS bigint)) AS "attempts",
    min("timestamp") AS "first_line_at",
    max("timestamp") AS "last_line_at",
    COUNT_IF("level" = 'WARN') AS "warnings",
    COUNT_IF("level" = 'ERROR') AS "errors"
  FROM said
  GROUP BY "date", "run_id"
),
ends AS (
  SELECT *, row_number() OVER (PARTITION BY "date", "run_id" ORDER BY "timestamp" DESC, TRY_CAST("attempt" AS bigint) DESC) AS "nth"
  FROM said
  WHERE "ended"
)
SELECT
  CAST(runs."date" AS date) AS "date",
  substr(runs."scheduled_time", 12, 8) AS "time",
  runs."job",
  ends."status",
  runs."run_id",
  runs."attempts",
  runs."first_line_at",
  runs."last_line_at",
  TRY_CAST(ends."duration_ms" AS bigint) AS "duration_ms",
  TRY_CAST(ends."read" AS bigint) AS "records_read",
  TRY_CAST(ends."accepted" AS bigint) AS "records_accepted",
  TRY_CAST(ends."rejected" AS bigint) AS "records_rejected",
  TRY_CAST(ends."deduplicated" AS bigint) AS "records_deduplicated",
  ends."problems",
  runs."warnings",
  runs."errors"
FROM runs
LEFT JOIN ends ON ends."date" = runs."date" AND ends."run_id" = runs."run_id" AND ends."nth" = 1`;
