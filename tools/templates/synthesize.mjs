// The templates of environments.yaml, as `loadin-setup synth` writes them; nothing else makes templates here.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const workspace = join(import.meta.dirname, '../..');
export const ENVIRONMENTS = ['dev', 'prod'];
export const ENVIRONMENTS_FILE = join(import.meta.dirname, 'environments.yaml');

/**
 * @param {string} environment
 * @param {string} folder where the templates and their assets go
 * @returns {Promise<Record<string, object>>} templates by stack
 */
export async function synthesizeInto(environment, folder) {
  const command = join(workspace, 'apps/setup-scripts/bin/loadin-setup.mjs');
  await promisify(execFile)(process.execPath, [command, 'synth', '--environment', environment, '--file', ENVIRONMENTS_FILE, '--out', folder], {
    cwd: workspace,
    maxBuffer: 16 * 1024 * 1024,
  }).catch((error) => {
    throw new Error(`The templates of ${environment} can't be made: ${error.stdout}${error.stderr}`);
  });
  const files = readdirSync(folder).filter((name) => name.endsWith('.template.json'));
  return Object.fromEntries(files.map((name) => [name.replace('.template.json', ''), JSON.parse(readFileSync(join(folder, name), 'utf8'))]));
}

/** @returns {Promise<Record<string, Record<string, object>>>} by environment and stack */
export async function synthesizeAll() {
  const all = await Promise.all(
    ENVIRONMENTS.map(async (environment) => {
      const folder = mkdtempSync(join(tmpdir(), `loadin-${environment}-`));
      try {
        return [environment, await synthesizeInto(environment, folder)];
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }),
  );
  return Object.fromEntries(all);
}

// node tools/templates/synthesize.mjs: prints them all as JSON.
if (process.argv[1] === import.meta.filename) process.stdout.write(JSON.stringify(await synthesizeAll()));
