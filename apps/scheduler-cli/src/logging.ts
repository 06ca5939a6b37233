import type { LogLevel } from '@loadin/config';
import { loggerFrom, terminalLine, type Logger } from '@loadin/observability';
import winston from 'winston';
import { LineStream } from './line-stream.js';
import type { Output } from './output.js';

/** The terminal's log, one line an entry on stderr. Fields are shown at level debug alone; the run's own log in the lake has them in any case. */
export function createTerminalLogger(output: Output, level: LogLevel): Logger {
  const terminal = new winston.transports.Stream({ stream: new LineStream(output.say), format: winston.format.printf(({ line }) => String(line)) });
  const logger = winston.createLogger({ level, transports: [terminal] });
  return loggerFrom((severity, message, fields) => {
    const line = terminalLine({ timestamp: Date.now(), level: severity, message, fields: level === 'debug' ? fields : {} });
    logger.log({ level: severity, message, line });
  });
}
