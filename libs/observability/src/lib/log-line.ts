import type { LogFields } from './logger.js';

export interface LogEntry {
  /** Epoch milliseconds. */
  readonly timestamp: number;
  /** `debug`, `info`, `warn`, `error`. */
  readonly level: string;
  readonly message: string;
  readonly fields?: LogFields;
}

/**
 * For terminals: `[2024-01-15 10:30:45] Starting: …`, in UTC like everything that Loadin writes. Levels other than info are named before the
 * message; fields follow it as `name=value`. Line breaks inside become spaces, so that an entry is a line.
 */
export function terminalLine({ timestamp, level, message, fields = {} }: LogEntry): string {
  const time = new Date(timestamp).toISOString().slice(0, 19).replace('T', ' ');
  const severity = level === 'info' ? '' : `${level.toUpperCase()} `;
  const rest = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : jsonOf(value)}`);
  return `[${time}] ${severity}${message}${rest.join('')}`.replaceAll(/[\r\n]+/g, ' ');
}

/** For machines (Lambda, NDJSON): `{"timestamp":"2024-01-15T10:30:45.000Z","level":"INFO","message":"…", …fields}`. */
export function jsonLine({ timestamp, level, message, fields = {} }: LogEntry): string {
  return jsonOf({ ...fields, timestamp: new Date(timestamp).toISOString(), level: level.toUpperCase(), message });
}

/** JSON of anything that a log line may be given: errors with name and message, bigints as text, a circle cut. Never throws. */
function jsonOf(value: unknown): string {
  const above: unknown[] = [];
  const text = JSON.stringify(value, function (this: unknown, _name, member: unknown) {
    if (typeof member === 'bigint') return String(member);
    if (typeof member !== 'object' || member === null) return member;
    while (above.length > 0 && above.at(-1) !== this) above.pop();
    if (above.includes(member)) return '[circular]';
    above.push(member);
    return member instanceof Error ? { name: member.name, message: member.message } : member;
  });
  return text ?? String(value);
}
