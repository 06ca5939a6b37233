import type { LogLevel } from '@loadin/config';
import { loggerFrom, terminalLine, type LogFields, type Logger } from '@loadin/observability';
import winston from 'winston';
import { LineStream } from './line-stream.js';
import type { Output } from './output.js';

/** Which run, where in it, and what the report says anyway: not needed by who watches one run on a terminal. */
const LEFT_OUT = new Set(['run_id', 'attempt', 'stream', 'slice', 'hint', 'stack', 'trace_id', 'span_id']);

/**
 * The terminal's log, one line an entry on stderr. All fields are shown at level debug, those that explain a warning or an error always;
 * the run's own log in the lake has them in any case.
 */
export function createTerminalLogger(output: Output, level: LogLevel): Logger {
  const terminal = new winston.transports.Stream({ stream: new LineStream(output.say), format: winston.format.printf(({ line }) => String(line)) });
  const logger = winston.createLogger({ level, transports: [terminal] });
  return loggerFrom((severity, message, fields) => {
    const line = terminalLine({ timestamp: Date.now(), level: severity, message, fields: level === 'debug' ? fields : shown(severity, fields) });
    logger.log({ level: severity, message, line });
  });
}

function shown(severity: string, fields: LogFields): LogFields {
  if (severity !== 'warn' && severity !== 'error') return {};
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !LEFT_OUT.has(name)));
}
