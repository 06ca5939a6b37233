import { strToU8, zipSync } from 'fflate';

/** A deployment package from sources by file name. */
export const zipOf = (files: Record<string, string>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));

/** A deployment package whose `index.mjs` is this text. */
export const zipOfModule = (text: string): Uint8Array => zipOf({ 'index.mjs': text });
