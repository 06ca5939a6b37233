#!/usr/bin/env node
// Committed, so that `npm ci` can link it before anything is built.
import { existsSync } from 'node:fs';
import module from 'node:module';

// What was compiled is kept among the temporary files for the next start, which takes three quarters of the time (Node 22 and newer).
module.enableCompileCache?.();

// The SDK says on each start on Node 20 that releases of 2027 will want a newer one; the one inside runs on it. Whoever sets this to anything else reads it.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const main = new URL('../dist/main.mjs', import.meta.url);
if (existsSync(main)) await import(main.href);
else {
  process.stderr.write('loadin is not built yet. Build everything with: npm run build\n');
  process.exitCode = 2;
}
