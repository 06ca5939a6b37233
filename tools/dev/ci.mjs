// The steps of continuous integration, and their totals as the last line.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { root, say } from './workspace.mjs';

// Recorded answers of the real services and the published descriptions of their APIs belong to others: they stay outside the project, and are
// read where somebody has them. Each has a lane of its own, so that `npm test` is the same everywhere.
const { LOADIN_RECORDINGS: recordings, LOADIN_SPECIFICATIONS: specifications, ...environment } = process.env;
const totals = { passed: 0, failed: 0, skipped: 0 };
const results = mkdtempSync(join(tmpdir(), 'loadin-ci-'));

await jest('npm test', ['npm', 'test', '--']);
await jest('built apps', ['npm', 'run', 'test:apps', '--']);
if (recordings) await jest('recorded answers', ['npm', 'test', '--', 'recordings'], { LOADIN_RECORDINGS: recordings });
if (specifications)
  await jest('published specifications', ['npm', 'test', '--', 'specifications/published'], { LOADIN_SPECIFICATIONS: specifications });
await step('lint', ['npm', 'run', 'lint']);
await step('type check', ['npm', 'run', 'typecheck']);
await step('build of every app', ['npm', 'run', 'build']);
// After the build: what that has cached is not built again.
await jest('fresh clone', ['npm', 'run', 'test:fresh-clone', '--']);
await step('format check', ['npm', 'run', 'format:check']);
await step('broken variants of the product are caught', ['npm', 'run', 'chaos', '--', 'mutants']);
await independentLane();
rmSync(results, { recursive: true, force: true });
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exitCode = totals.failed === 0 ? 0 : 1;

/** One check that passes or fails as a whole. */
async function step(name, command) {
  const { status } = await execute(name, command);
  totals[status === 0 ? 'passed' : 'failed'] += 1;
}

/** A Jest run counts by its specifications; one that ends badly without a failed one (a suite that can't load) counts as failed. */
async function jest(name, command, more = {}) {
  const file = join(results, `${name}.json`);
  const { status } = await execute(name, [...command, '--json', `--outputFile=${file}`], { stdio: ['ignore', 'ignore', 'inherit'], more });
  if (!existsSync(file)) {
    totals.failed += 1;
    return;
  }
  const found = JSON.parse(readFileSync(file, 'utf8'));
  totals.passed += found.numPassedTests;
  totals.failed += Math.max(found.numFailedTests, status === 0 ? 0 : 1);
  totals.skipped += found.numPendingTests + found.numTodoTests;
}

async function independentLane() {
  const { status, output } = await execute('independent emulators and readers', ['npm', 'run', '--silent', 'test:independent'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.stdout.write(output);
  const counts = /(\d+) passed, (\d+) failed, (\d+) skipped\s*$/.exec(output);
  const [passed = 0, failed = 0, skipped = 0] = (counts ?? []).slice(1).map(Number);
  totals.passed += passed;
  totals.failed += Math.max(failed, status === 0 ? 0 : 1);
  totals.skipped += skipped;
}

async function execute(name, [command, ...args], { stdio = 'inherit', more = {} } = {}) {
  say(`\n── ${name} ──`);
  const started = Date.now();
  const child = spawn(command, args, { cwd: root, stdio, env: { ...environment, ...more } });
  let output = '';
  child.stdout?.on('data', (chunk) => (output += chunk));
  const status = await new Promise((done, failed) => child.on('error', failed).on('close', (code) => done(code ?? 1)));
  say(`── ${name}: ${status === 0 ? 'ok' : `failed (status ${status})`} after ${Math.round((Date.now() - started) / 1000)} s`);
  return { status, output };
}
