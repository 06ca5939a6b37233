// npm run test:independent: what others wrote judges what we wrote. Each lane prints its own totals; theirs together are the last line.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './workspace.mjs';

/** Emulators of AWS take the conformance checks of ours; readers of Parquet and of Athena's SQL take what the bronze writer and the catalogue make; a CloudFormation and linters take templates and workflows. */
const LANES = ['tools/local-aws/independent/run.mjs', 'tools/readers/independent/run.mjs', 'tools/templates/independent/run.mjs'];

const totals = { passed: 0, failed: 0, skipped: 0 };
for (const lane of LANES) {
  const { status, output } = await execute(lane);
  const counts = /(\d+) passed, (\d+) failed, (\d+) skipped\s*$/.exec(output);
  const [passed = 0, failed = 0, skipped = 0] = (counts ?? []).slice(1).map(Number);
  totals.passed += passed;
  totals.failed += Math.max(failed, status === 0 && counts !== null ? 0 : 1);
  totals.skipped += skipped;
}
console.log(`\nall lanes\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exitCode = totals.failed === 0 ? 0 : 1;

async function execute(lane) {
  const child = spawn(process.execPath, [join(root, lane)], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
    process.stdout.write(chunk);
  });
  const status = await new Promise((done, failed) => child.on('error', failed).on('close', (code) => done(code ?? 1)));
  return { status, output };
}
