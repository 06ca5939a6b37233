import type { LogLevel } from '@loadin/config';
import { jsonLine, loggerFrom, type EmfLine, type Logger } from '@loadin/observability';
import winston from 'winston';

/** One JSON object a line on stdout, which Lambda hands to CloudWatch; run, attempt and slice are in each. */
export function createLambdaLogger(level: LogLevel): Logger {
  const console = new winston.transports.Console({ format: winston.format.printf(({ line }) => String(line)) });
  const logger = winston.createLogger({ level, transports: [console] });
  return loggerFrom((severity, message, fields) => {
    logger.log({ level: severity, message, line: jsonLine({ timestamp: Date.now(), level: severity, message, fields }) });
  });
}

/** A line of its own on stdout: CloudWatch makes metrics of it. */
export const printMetrics = (line: EmfLine): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
