// npm run test:apps, npm run test:fresh-clone: specifications that take too long for `npm test`. The first argument is their Jest configuration; the others go to Jest.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { build, ensureInstalled, node, root, run } from './workspace.mjs';
import { join } from 'node:path';

const [, , config, ...args] = process.argv;
await ensureInstalled();
await build();
const jest = (env = process.env) =>
  run(node, [join(root, 'node_modules/jest/bin/jest.js'), '--config', join(root, config), ...args], { check: false, env });
// A choice of the built apps does not make all the calls that policies are held against.
const whole = config === 'jest.apps.config.js' && args.every((arg) => /^--(json|outputFile=)/.test(arg));
process.exitCode = whole ? await recorded() : await jest();

/** With every call that the apps make on record, which is compared with what the specification of policies takes them to make. */
async function recorded() {
  const folder = mkdtempSync(join(tmpdir(), 'loadin-calls-'));
  const record = join(folder, 'calls.ndjson');
  try {
    const status = await jest({ ...process.env, LOADIN_RECORD_CALLS: record });
    if (status !== 0) return status;
    return await run(node, [join(root, 'tools/templates/check-calls.mjs'), record], { check: false });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
