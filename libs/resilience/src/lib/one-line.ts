import { LoadinError } from './errors.js';

/**
 * An error as one line for a person: what happened, where, what to do. No stack trace; control characters and line breaks become
 * spaces. For errors that are not Loadin's it is their message (redact it before you print it).
 */
export function oneLine(error: unknown): string {
  if (!(error instanceof LoadinError)) return flat(error instanceof Error ? error.message || error.name : String(error));
  const place = error.where === undefined || error.message.includes(error.where) ? '' : ` (${error.where})`;
  const hint = error.hint === undefined ? '' : ` ${error.hint}`;
  const what = `${error.message}${place}`;
  return flat(hint === '' ? what : `${/[.!?]$/.test(what) ? what : `${what}.`}${hint}`);
}

// eslint-disable-next-line no-control-regex -- control characters are what must not reach a terminal
const flat = (text: string): string => text.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ').trim();
