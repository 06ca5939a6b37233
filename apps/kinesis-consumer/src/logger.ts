import { traceFields, type LogFields, type Logger } from '@loadin/observability';
import winston from 'winston';

/**
 * JSON lines on stdout. Winston writes past the `console` that Lambda prefixes, so a line is one JSON object.
 * @param level `LOG_LEVEL`: error, warn (or warning), info, debug in any case; anything else counts as info
 */
export function createLogger(level = 'info'): Logger {
  const wanted = level.toLowerCase().replace('warning', 'warn');
  const { combine, timestamp, json } = winston.format;
  const root = winston.createLogger({
    level: ['error', 'warn', 'info', 'debug'].includes(wanted) ? wanted : 'info',
    format: combine(timestamp(), json()),
    transports: [new winston.transports.Console()],
  });
  const wrap = (logger: winston.Logger): Logger => {
    const write = (at: string) => (message: string, fields?: LogFields) => void logger.log(at, message, { ...fields, ...traceFields() });
    return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error'), child: (fields) => wrap(logger.child(fields)) };
  };
  return wrap(root);
}
