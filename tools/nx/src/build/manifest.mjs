// What an app says about itself in its package.json.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The build can't go on; the message says what to change. */
export class BuildError extends Error {
  name = 'BuildError';
}

/**
 * @typedef {object} AppManifest
 * @property {'lambda' | 'cli'} kind a function with its zip, or a command
 * @property {string} entry the source file, relative to the app; a Lambda's exports `handler`
 * @property {{ from: string, to: string }[]} [assets] files that go beside the bundle (and into the zip); `from` is relative to the app
 * @property {number} [maxBytes] the build fails when the code is larger, without what is apart
 * @property {Record<string, { modules: string[], maxBytes: number }>} [apart] parts that are imported by some uses only and have budgets of their own, by name:
 *   what is reached only through dynamic imports of modules whose path has one of these in it
 * @property {Record<string, { module: string, maxBytes: number }>} [threads] modules that run as threads, by the name of their file, which lies beside the entry's: each
 *   is bundled by itself
 * @property {number} [maxColdImportMs] checked by `npm run bench -- cold-import`
 */

/** Reads and checks the "loadin" member of `<root>/package.json`. @returns {AppManifest} */
export function readManifest(workspaceRoot, root) {
  const file = join(workspaceRoot, root, 'package.json');
  if (!existsSync(file)) throw new BuildError(`${root}/package.json does not exist; give the folder of an app, such as apps/kinesis-consumer`);
  const manifest = JSON.parse(readFileSync(file, 'utf8')).loadin;
  const where = `${root}/package.json: "loadin"`;
  if (manifest === undefined) throw new BuildError(`${where} is missing; say { "kind": "lambda" or "cli", "entry": "src/…" }`);
  if (!['lambda', 'cli'].includes(manifest.kind)) throw new BuildError(`${where}.kind is ${JSON.stringify(manifest.kind)}; it is "lambda" or "cli"`);
  for (const path of [manifest.entry, ...(manifest.assets ?? []).map(({ from }) => from)]) {
    if (typeof path !== 'string' || !existsSync(join(workspaceRoot, root, path)))
      throw new BuildError(`${where} names ${path}, which does not exist`);
  }
  for (const [name, { modules, maxBytes } = {}] of Object.entries(manifest.apart ?? {})) {
    if (!Array.isArray(modules) || modules.length === 0 || typeof maxBytes !== 'number')
      throw new BuildError(`${where}.apart.${name} is { "modules": ["…"], "maxBytes": … }`);
  }
  for (const [name, { module, maxBytes } = {}] of Object.entries(manifest.threads ?? {})) {
    if (!/^[\w-]+$/.test(name) || typeof module !== 'string' || typeof maxBytes !== 'number')
      throw new BuildError(`${where}.threads.${name} is { "module": "…", "maxBytes": … }`);
  }
  return manifest;
}

/** Names of the workspace's tools: no Lambda may hold one, and a command loads them at run time. @returns {string[]} */
export function toolNames(workspaceRoot) {
  const folder = join(workspaceRoot, 'tools');
  if (!existsSync(folder)) return [];
  const manifests = readdirSync(folder).map((name) => join(folder, name, 'package.json'));
  return manifests.filter((file) => existsSync(file)).map((file) => JSON.parse(readFileSync(file, 'utf8')).name);
}
