// One app: bundle, assets, zip, budget.
import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bundle, largestParts } from './bundle.mjs';
import { BuildError, readManifest, toolNames } from './manifest.mjs';
import { reproducibleZip } from './zip.mjs';

/**
 * Writes `<root>/dist`: `index.mjs` and `function.zip` for a Lambda, `main.mjs` for a command, with source map, assets and `meta.json` (esbuild's account of what is inside).
 * @param {{ workspaceRoot: string, root: string }} options `root` is relative to the workspace
 * @returns {Promise<{ files: { path: string, bytes: number }[] }>}
 * @throws {BuildError} when the manifest is wrong, an import can't be resolved or the bundle is over its budget
 */
export async function buildApp({ workspaceRoot, root }) {
  const manifest = readManifest(workspaceRoot, root);
  const { kind, entry, assets = [] } = manifest;
  const dist = `${root}/dist`;
  const main = kind === 'lambda' ? 'index.mjs' : 'main.mjs';
  rmSync(join(workspaceRoot, dist), { recursive: true, force: true });
  mkdirSync(join(workspaceRoot, dist), { recursive: true });

  const metafile = await bundle({ workspaceRoot, root, entry, outfile: `${dist}/${main}`, kind, tools: toolNames(workspaceRoot) });
  writeFileSync(join(workspaceRoot, dist, 'meta.json'), JSON.stringify(metafile));
  if (kind === 'lambda') mustExportHandler(metafile, `${dist}/${main}`, `${root}/${entry}`);
  for (const { from, to } of assets) {
    mkdirSync(dirname(join(workspaceRoot, dist, to)), { recursive: true });
    copyFileSync(join(workspaceRoot, root, from), join(workspaceRoot, dist, to));
  }
  const written = [main, ...(kind === 'lambda' ? ['function.zip'] : [])];
  if (kind === 'lambda') writeZip(join(workspaceRoot, dist), [main, ...assets.map(({ to }) => to)]);
  checkBudget(manifest, statSync(join(workspaceRoot, dist, main)).size, metafile, `${dist}/${main}`);
  return { files: written.map((name) => ({ path: `${dist}/${name}`, bytes: statSync(join(workspaceRoot, dist, name)).size })) };
}

function writeZip(dist, names) {
  writeFileSync(join(dist, 'function.zip'), reproducibleZip(Object.fromEntries(names.map((name) => [name, readFileSync(join(dist, name))]))));
}

function mustExportHandler(metafile, outfile, entry) {
  if (!metafile.outputs[outfile].exports.includes('handler'))
    throw new BuildError(`${entry} must export \`handler\`, the function that Lambda calls`);
}

function checkBudget({ maxBytes }, bytes, metafile, outfile) {
  if (maxBytes === undefined || bytes <= maxBytes) return;
  const parts = largestParts(metafile).map(([name, size]) => `${name} ${Math.round(size / 1000)} kB`);
  throw new BuildError(`${outfile} has ${bytes} bytes, more than loadin.maxBytes (${maxBytes}); largest parts: ${parts.join(', ')}`);
}
