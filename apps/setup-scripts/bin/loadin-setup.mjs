#!/usr/bin/env node
// Committed, so that `npm ci` can link it before anything is built.
import { existsSync } from 'node:fs';

const main = new URL('../dist/main.mjs', import.meta.url);
if (existsSync(main)) await import(main.href);
else {
  process.stderr.write('loadin-setup is not built yet. Build everything with: npm run build\n');
  process.exitCode = 2;
}
