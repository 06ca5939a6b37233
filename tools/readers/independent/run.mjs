// Has the files of the bronze writer read by pyarrow and polars, and the DDL of the catalogue by sqlglot's dialect for Athena.
// From the root: node tools/readers/independent/run.mjs
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const here = import.meta.dirname;
const root = resolve(here, '../../..');
const cache = join(root, 'node_modules', '.cache', 'loadin-independent');

/** Runs a command to its end and gives what it printed; the error of one that fails says that too. */
async function run(command, args) {
  try {
    return (await promisify(execFile)(command, args, { maxBuffer: 64 * 1024 * 1024 })).stdout;
  } catch (error) {
    if (error.code === 'ENOENT') throw new Error(`${command} is needed and was not found.`);
    throw new Error(`${command} ${args.join(' ')} failed:\n${`${error.stdout}${error.stderr}`.trim().split('\n').slice(-15).join('\n')}`);
  }
}

/** An environment of its own with the packages of requirements.txt, made once for each version of that file. */
async function python() {
  const requirements = join(here, 'requirements.txt');
  const version = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex')
    .slice(0, 12);
  const home = join(cache, `readers-${version}`);
  const command = join(home, 'bin', 'python');
  if (!existsSync(join(home, 'complete'))) {
    await rm(home, { recursive: true, force: true });
    await mkdir(cache, { recursive: true });
    await run('python3', ['-m', 'venv', home]);
    await run(command, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirements]);
    await mkdir(join(home, 'complete'));
  }
  return command;
}

async function build() {
  const projects = ['libs/bronze-writer', 'libs/catalogue', 'libs/transforms'].map((folder) => join(root, folder, 'tsconfig.lib.json'));
  await run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-b', ...projects]);
}

function print(checks) {
  const groups = [...new Set(checks.map(({ id }) => groupOf(id)))];
  console.log(`\nother readers\n  ${'reader and files'.padEnd(28)}${'checks'.padStart(8)}${'failed'.padStart(8)}`);
  for (const group of groups) {
    const own = checks.filter(({ id }) => groupOf(id) === group);
    console.log(`  ${group.padEnd(28)}${String(own.length).padStart(8)}${String(own.filter(({ error }) => error).length).padStart(8)}`);
  }
  for (const { id, error } of checks.filter((check) => check.error)) console.log(`  ${id}: ${error}`);
}

const groupOf = (id) => (id.startsWith('sqlglot/') ? 'sqlglot' : id.split('/').slice(0, 2).join(' '));

async function main() {
  const [command] = await Promise.all([python(), build()]);
  const values = JSON.parse(await readFile(join(here, 'values.json'), 'utf8'));
  const { writeCorpus } = await import('./write-corpus.mjs');
  const folder = mkdtempSync(join(tmpdir(), 'loadin-corpus-'));
  try {
    await writeCorpus(folder, values);
    const checks = JSON.parse(await run(command, ['-B', join(here, 'main.py'), folder]));
    print(checks);
    const failed = checks.filter(({ error }) => error).length;
    console.log(`\n${checks.length - failed} passed, ${failed} failed, 0 skipped`);
    return failed === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main().then(
  (status) => process.exit(status),
  (error) => {
    console.error(error.message);
    console.log('0 passed, 1 failed, 0 skipped');
    process.exit(1);
  },
);
