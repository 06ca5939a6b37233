// One app: bundle, assets, zip, budget.
import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bundle, largestParts } from './bundle.mjs';
import { BuildError, readManifest, toolNames } from './manifest.mjs';
import { codeOf, sizesOf, withThreads } from './sizes.mjs';
import { reproducibleZip } from './zip.mjs';

/**
 * Writes `<root>/dist`: of a Lambda `index.mjs`, `parts/` that it imports later, and `function.zip`; of a command `main.mjs`; with its threads, source maps, assets, `meta.json`
 * (esbuild's account of what is inside) and `sizes.json`.
 * @param {{ workspaceRoot: string, root: string }} options `root` is relative to the workspace
 * @returns {Promise<{ files: { path: string, bytes: number }[], sizes: import('./sizes.mjs').Sizes }>}
 * @throws {BuildError} when the manifest is wrong, an import can't be resolved or the bundle is over its budget
 */
export async function buildApp({ workspaceRoot, root }) {
  const manifest = readManifest(workspaceRoot, root);
  const { kind, entry, assets = [], threads = {} } = manifest;
  const dist = `${root}/dist`;
  const main = kind === 'lambda' ? 'index.mjs' : 'main.mjs';
  rmSync(join(workspaceRoot, dist), { recursive: true, force: true });
  mkdirSync(join(workspaceRoot, dist), { recursive: true });

  const shared = { workspaceRoot, root, outdir: dist, kind, tools: toolNames(workspaceRoot) };
  // A cold start reads and compiles what it runs and no more. Commands keep what was compiled for their next start, so one file is as good for them.
  const code = await bundle({ ...shared, entries: { [main.replace('.mjs', '')]: `${root}/${entry}` }, splitting: kind === 'lambda' });
  // A thread shares nothing with who starts it: with files of its own the start of the others stays as it is.
  const modules = Object.fromEntries(Object.entries(threads).map(([name, { module }]) => [name, module]));
  const metafile = Object.keys(threads).length === 0 ? code : withThreads(code, await bundle({ ...shared, entries: modules, splitting: false }));
  const sizes = sizesOf(metafile, `${dist}/${main}`, manifest);
  writeFileSync(join(workspaceRoot, dist, 'meta.json'), JSON.stringify(metafile));
  writeFileSync(join(workspaceRoot, dist, 'sizes.json'), `${JSON.stringify(sizes)}\n`);
  if (kind === 'lambda') mustExportHandler(metafile, `${dist}/${main}`, `${root}/${entry}`);
  for (const { from, to } of assets) {
    mkdirSync(dirname(join(workspaceRoot, dist, to)), { recursive: true });
    copyFileSync(join(workspaceRoot, root, from), join(workspaceRoot, dist, to));
  }
  const files = codeOf(metafile).map((file) => file.slice(dist.length + 1));
  const written = [main, ...Object.keys(threads).map((name) => `${name}.mjs`), ...(kind === 'lambda' ? ['function.zip'] : [])];
  if (kind === 'lambda') writeZip(join(workspaceRoot, dist), [...files, ...assets.map(({ to }) => to)]);
  checkBudgets(manifest, sizes, metafile, `${dist}/${main}`);
  return { files: written.map((name) => ({ path: `${dist}/${name}`, bytes: statSync(join(workspaceRoot, dist, name)).size })), sizes };
}

function writeZip(dist, names) {
  writeFileSync(join(dist, 'function.zip'), reproducibleZip(Object.fromEntries(names.map((name) => [name, readFileSync(join(dist, name))]))));
}

function mustExportHandler(metafile, outfile, entry) {
  if (!metafile.outputs[outfile].exports.includes('handler'))
    throw new BuildError(`${entry} must export \`handler\`, the function that Lambda calls`);
}

function checkBudgets({ maxBytes = Infinity, apart = {}, threads = {} }, sizes, metafile, outfile) {
  const over = [
    ...(sizes.bytes > maxBytes ? [`${outfile} with what it imports has ${sizes.bytes} bytes, more than loadin.maxBytes (${maxBytes})`] : []),
    ...Object.entries(apart).flatMap(([name, { maxBytes: most }]) =>
      sizes.apart[name] > most ? [`its part ${name} has ${sizes.apart[name]} bytes, more than loadin.apart.${name}.maxBytes (${most})`] : [],
    ),
    ...Object.entries(threads).flatMap(([name, { maxBytes: most }]) =>
      sizes.threads[name] > most ? [`its thread ${name} has ${sizes.threads[name]} bytes, more than loadin.threads.${name}.maxBytes (${most})`] : [],
    ),
  ];
  if (over.length === 0) return;
  const parts = largestParts(metafile).map(([name, size]) => `${name} ${Math.round(size / 1000)} kB`);
  throw new BuildError(`${over.join('; ')}; largest parts: ${parts.join(', ')}`);
}
