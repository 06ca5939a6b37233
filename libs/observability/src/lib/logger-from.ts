import type { LogFields, Logger } from './logger.js';
import { traceFields } from './tracing/span.js';

export type Severity = 'debug' | 'info' | 'warn' | 'error';

/** Makes a Logger of one function: `write` gets each entry with the fields of all its parents, and with `trace_id` and `span_id` while a span is under way. */
export function loggerFrom(write: (severity: Severity, message: string, fields: LogFields) => void, context: LogFields = {}): Logger {
  const at =
    (severity: Severity) =>
    (message: string, fields: LogFields = {}): void =>
      write(severity, message, { ...context, ...fields, ...traceFields() });
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => loggerFrom(write, { ...context, ...fields }),
  };
}
