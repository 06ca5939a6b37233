// node tools/nx/src/build-app.mjs apps/<name>: run in the workspace's root, which is what the `build` target does.
import { buildApp } from './build/app.mjs';
import { BuildError } from './build/manifest.mjs';

const [root] = process.argv.slice(2);
if (root === undefined) {
  console.error('Usage: node tools/nx/src/build-app.mjs apps/<name>');
  process.exit(2);
}
try {
  const { files } = await buildApp({ workspaceRoot: process.cwd(), root });
  for (const { path, bytes } of files) console.log(`${path}  ${Math.round(bytes / 1000)} kB`);
} catch (error) {
  // esbuild has already printed what it found; anything else than a broken rule of this build is a bug and keeps its stack.
  console.error(error instanceof BuildError ? `Error: ${error.message}` : error);
  process.exitCode = 1;
}
