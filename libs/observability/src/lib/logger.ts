export type LogFields = Readonly<Record<string, unknown>>;

/** Where a lib reports what it does. Silent by default: a lib never decides where logs go. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds `fields` (a correlation id, say) to every line. */
  child(fields: LogFields): Logger;
}

const nothing = (): void => undefined;

export const silentLogger: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing, child: () => silentLogger };
