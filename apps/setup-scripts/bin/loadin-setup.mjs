#!/usr/bin/env node
// Committed, so that `npm ci` can link it before anything is built.
import { existsSync } from 'node:fs';
import module from 'node:module';

// What was compiled is kept among the temporary files for the next start, which takes three quarters of the time (Node 22 and newer).
module.enableCompileCache?.();

const main = new URL('../dist/main.mjs', import.meta.url);
if (existsSync(main)) await import(main.href);
else {
  process.stderr.write('loadin-setup is not built yet. Build everything with: npm run build\n');
  process.exitCode = 2;
}
