import { jsonLine, loggerFrom, type Logger } from '@loadin/observability';
import type { Clock, ObjectStore } from '@loadin/pipeline';
import { entityLines } from './entity-lines.js';

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
  const keeping = loggerFrom((level, message, fields) => {
    next[level](message, fields);
    if (level === 'debug') return;
    if (lines.length >= MAX_LINES) {
      lines.splice(MAX_LINES / 2, 1);
      dropped += 1;
    }
    lines.push(jsonLine({ timestamp: clock.now(), level, message, fields }));
  });
  return {
    logger: entityLines(keeping),
    async upload(lake, runId, scheduledTime) {
      const key = `logs/pipeline/ingestion/date=${scheduledTime.slice(0, 10)}/${runId}.ndjson`;
      const earlier = await lake.get(key);
      if (dropped > 0)
        lines.push(jsonLine({ timestamp: clock.now(), level: 'warn', message: `${dropped} lines in the middle of this log were dropped` }));
      const body = Buffer.concat([earlier ?? new Uint8Array(), Buffer.from(lines.map((line) => `${line}\n`).join(''))]);
      await lake.put(key, body, { contentType: 'application/x-ndjson' });
      return `${lake.uri}/${key}`;
    },
  };
}
