import { build, type Plugin } from 'esbuild';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { mutated, root, sourceOf, type Driver, type Fault } from './mutant.js';

const APP = 'apps/scheduler-cli';
/** Runs beside the command, from a file beside it, once there is much to encode. */
const THREAD = '@loadin/bronze-writer/encoder-thread';
/** Loaded by `loadin local` alone, which no storm calls. */
const TOOLS = ['@loadin/local-aws', '@loadin/local-stack', '@loadin/upstreams'];
/** CommonJS packages in the bundle call require() for Node's own modules. */
const BANNER = `import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);`;

/**
 * Bundles the command (or a driver) from the sources, with the fault in it, into a folder; without a mutant as it is. Gives the path of what is run.
 * Throws an `Error` when the mutant has gone stale, or when its file is not part of what is bundled.
 */
export async function bundleInto(folder: string, { mutant, driver }: { readonly mutant?: Fault; readonly driver?: Driver }): Promise<string> {
  const touched: string[] = [];
  mkdirSync(folder, { recursive: true });
  const command = [
    { in: `${APP}/src/main.ts`, out: 'main' },
    { in: THREAD, out: 'encoder-thread' },
  ];
  await build({
    absWorkingDir: root,
    entryPoints: driver === undefined ? command : [{ in: `tools/chaos/src/delivery/mutants/drivers/${driver}.ts`, out: 'main' }],
    outdir: join(folder, 'dist'),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    conditions: ['@loadin/source'],
    tsconfig: 'tsconfig.base.json',
    keepNames: true,
    banner: { js: BANNER },
    external: TOOLS,
    plugins: mutant === undefined ? [] : [withFault(mutant, touched)],
    logLevel: 'error',
  });
  if (mutant !== undefined && touched.length === 0)
    throw new Error(`the mutant "${mutant.name}" has gone stale: ${mutant.file} is no part of what is run`);
  // The command reads its version there.
  copyFileSync(join(root, APP, 'package.json'), join(folder, 'package.json'));
  return join(folder, 'dist/main.mjs');
}

function withFault(mutant: Fault, touched: string[]): Plugin {
  const contents = mutated(sourceOf(mutant), mutant);
  const file = join(root, mutant.file);
  return {
    name: 'fault',
    setup(bundler) {
      bundler.onLoad({ filter: new RegExp(`${mutant.file.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`) }, ({ path }) => {
        if (path !== file) return undefined;
        touched.push(path);
        return { contents, loader: 'ts' };
      });
    },
  };
}
