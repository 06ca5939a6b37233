// ESM from an app's entry, with nothing to install beside it: a command in one file, a function in one for its start and others for what it imports later.
import { build } from 'esbuild';
import { builtinModulesByRequire } from './builtin-modules.mjs';
import { BuildError } from './manifest.mjs';
import { leaveOut } from './leave-out.mjs';

// CommonJS packages inside the bundle call require() for Node's own modules.
const requireBanner = `import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);`;

/**
 * @param {{ workspaceRoot: string, root: string, entries: Record<string, string>, splitting: boolean, outdir: string, kind: 'lambda' | 'cli', tools: string[] }} options
 *   `entries`: modules by the names of their files · `splitting`: what is imported later lies in files of its own · `outdir` is relative to the workspace
 * @returns {Promise<import('esbuild').Metafile>}
 */
export async function bundle({ workspaceRoot, root, entries, splitting, outdir, kind, tools }) {
  const result = await build({
    absWorkingDir: workspaceRoot,
    entryPoints: entries,
    outdir,
    outExtension: { '.js': '.mjs' },
    splitting,
    chunkNames: 'parts/[name]-[hash]',
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // The ESM builds first: class-validator shrinks from 279 kB to 18 kB, because its telephone library falls away.
    mainFields: ['module', 'main'],
    tsconfig: 'tsconfig.base.json',
    minify: true,
    keepNames: true,
    legalComments: 'none',
    sourcemap: 'linked',
    sourcesContent: false,
    metafile: true,
    banner: { js: requireBanner },
    external: kind === 'cli' ? tools : [],
    plugins: [leaveOut(kind), builtinModulesByRequire(), ...(kind === 'lambda' ? [refuse(tools)] : [])],
    logLevel: 'warning',
  }).catch((error) => {
    // esbuild has printed each message with file and line.
    throw new BuildError(
      `${root} can't be bundled${/Could not resolve "@loadin/.test(error.message) ? `; build its libs first: npx nx build ${root.split('/').pop()}` : ''}`,
    );
  });
  return result.metafile;
}

/** A function that would carry a test server is a mistake, however it got in. */
function refuse(names) {
  return {
    name: 'refuse-tools',
    setup(esbuild) {
      if (names.length === 0) return;
      const filter = new RegExp(`^(?:${names.map((name) => name.replaceAll(/[^\w-]/g, '\\$&')).join('|')})(?:/|$)`);
      esbuild.onResolve({ filter }, ({ path, importer }) => ({
        errors: [{ text: `${path} is a tool and can't be part of a Lambda (imported by ${importer})` }],
      }));
    },
  };
}

/** The largest parts of a bundle, for the message when it outgrew its budget. @param {import('esbuild').Metafile} metafile */
export function largestParts(metafile, count = 6) {
  const sums = new Map();
  for (const output of Object.values(metafile.outputs)) {
    for (const [file, { bytesInOutput }] of Object.entries(output.inputs)) {
      const part = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? file.split('/').slice(0, 2).join('/');
      sums.set(part, (sums.get(part) ?? 0) + bytesInOutput);
    }
  }
  return [...sums].sort((a, b) => b[1] - a[1]).slice(0, count);
}
