import { join } from 'node:path';

/** The built server, for who wants it in a process of its own: `node PROGRAM --data-dir DIR` says `{"url": …}` on its first line when it is ready. */
export const PROGRAM: string = join(import.meta.dirname, '../dist/main.js');
