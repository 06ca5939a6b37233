import { readFileSync } from 'node:fs';

/** Of this app's package.json, which lies one folder above both `src` and `dist`. */
export function version(): string {
  const file = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
