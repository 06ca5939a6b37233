#!/usr/bin/env node
// The app that the CDK's command starts: it loads the stack.ts of the apps that LOADIN_STACKS asks for, and no others, from source.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** The CDK finds files beside its own code, which a bundle of it would not have; the SDK is large and hardly used here. */
const external = ['aws-cdk-lib', 'constructs', 'cdk-nag', '@aws-sdk/*'];
/** CommonJS packages inside the bundle call require() for Node's own modules. */
const banner = { js: `import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);` };

const request = JSON.parse(process.env.LOADIN_STACKS ?? 'null');
if (request === null) {
  process.stderr.write('This is what loadin-setup synth, diff, deploy and destroy let the CDK start; call those.\n');
  process.exit(2);
}
const { workspace, apps } = request;
const folder = join(workspace, '.loadin', 'stacks');
const bundle = join(folder, `${process.pid}.mjs`);
mkdirSync(folder, { recursive: true });
try {
  const imports = apps.map((app, index) => `import { stacks as s${index} } from './apps/${app}/stack.ts';`);
  const contents = [
    `import { synthesize } from '@loadin/infrastructure/cdk';`,
    ...imports,
    `export const run = (request) => synthesize([${apps.map((_, index) => `...s${index}`).join(', ')}], request);`,
  ].join('\n');
  await build({
    stdin: { contents, resolveDir: workspace, sourcefile: 'stacks.ts', loader: 'ts' },
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    conditions: ['@loadin/source'],
    tsconfig: join(workspace, 'tsconfig.base.json'),
    keepNames: true,
    external,
    banner,
    logLevel: 'error',
  });
  const { run } = await import(pathToFileURL(bundle).href);
  run({ ...request, outdir: process.env.CDK_OUTDIR });
} catch (error) {
  // Errors of ours say what, where and what to do. esbuild has printed its own.
  if (error?.errors === undefined) process.stderr.write(`${textOf(error)}\n`);
  process.exitCode = 1;
} finally {
  rmSync(bundle, { force: true });
}

function textOf(error) {
  const { message = String(error), where, hint, report } = error ?? {};
  return [report ?? message, ...(where === undefined ? [] : [`  at ${where}`]), ...(hint === undefined ? [] : [`  → ${hint}`])].join('\n');
}
