import type { LogFields, Logger } from '@loadin/observability';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface LogLine {
  readonly level: LogLevel;
  readonly message: string;
  /** Those of the line over those of its logger (`child`). */
  readonly fields: LogFields;
}

export interface RecordingLogger extends Logger {
  /** Everything that was logged here or by a child, oldest first. */
  readonly lines: readonly LogLine[];
  /** The messages of one level, oldest first. */
  messages(level: LogLevel): string[];
}

/** A logger that keeps its lines for a test to look at. */
export function createRecordingLogger(): RecordingLogger {
  const lines: LogLine[] = [];
  const loggerWith = (inherited: LogFields): Logger => {
    const at =
      (level: LogLevel) =>
      (message: string, fields: LogFields = {}): void => {
        lines.push({ level, message, fields: { ...inherited, ...fields } });
      };
    return {
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      child: (fields) => loggerWith({ ...inherited, ...fields }),
    };
  };
  return {
    ...loggerWith({}),
    lines,
    messages: (level) => lines.filter((line) => line.level === level).map((line) => line.message),
  };
}
