import type { LogFields, Logger } from './logger.js';

export type Severity = 'debug' | 'info' | 'warn' | 'error';

/** Makes a Logger of one function: `write` gets each entry with the fields of all its parents. */
export function loggerFrom(write: (severity: Severity, message: string, fields: LogFields) => void, context: LogFields = {}): Logger {
  const at =
    (severity: Severity) =>
    (message: string, fields: LogFields = {}): void =>
      write(severity, message, { ...context, ...fields });
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => loggerFrom(write, { ...context, ...fields }),
  };
}
