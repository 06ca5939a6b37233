import type { LogFields, Logger } from '@loadin/observability';
import type { Clock, ObjectStore } from '@loadin/pipeline';

/** Lines kept for the lake; a run that logs more keeps its first and its last ones. */
const MAX_LINES = 20_000;

export interface RunLog {
  /** Passes every line on and keeps a copy. */
  readonly logger: Logger;
  /** Puts the lines of this attempt behind those of earlier ones: `logs/pipeline/ingestion/date=YYYY-MM-DD/{run id}.ndjson`. Gives the object's uri. */
  upload(lake: ObjectStore, runId: string, scheduledTime: string): Promise<string>;
}

export function createRunLog(next: Logger, clock: Clock): RunLog {
  const lines: string[] = [];
  let dropped = 0;
  const keep = (level: string, message: string, fields: LogFields): void => {
    if (lines.length >= MAX_LINES) {
      lines.splice(MAX_LINES / 2, 1);
      dropped += 1;
    }
    lines.push(JSON.stringify({ time: new Date(clock.now()).toISOString(), level, message, ...fields }));
  };
  return {
    logger: recording(next, keep, {}),
    async upload(lake, runId, scheduledTime) {
      const key = `logs/pipeline/ingestion/date=${scheduledTime.slice(0, 10)}/${runId}.ndjson`;
      const earlier = await lake.get(key);
      if (dropped > 0) keep('warn', `${dropped} lines in the middle of this log were dropped`, {});
      const body = Buffer.concat([earlier ?? new Uint8Array(), Buffer.from(lines.map((line) => `${line}\n`).join(''))]);
      await lake.put(key, body, { contentType: 'application/x-ndjson' });
      return `${lake.uri}/${key}`;
    },
  };
}

function recording(next: Logger, keep: (level: string, message: string, fields: LogFields) => void, context: LogFields): Logger {
  const at =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields: LogFields = {}): void => {
      if (level !== 'debug') keep(level, message, { ...context, ...fields });
      next[level](message, fields);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), child: (fields) => recording(next.child(fields), keep, { ...context, ...fields }) };
}
