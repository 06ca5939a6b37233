// node tools/nx/src/build-app.mjs apps/<name>: run in the workspace's root, which is what the `build` target does.
import { buildApp } from './build/app.mjs';
import { BuildError } from './build/manifest.mjs';

const [root] = process.argv.slice(2);
if (root === undefined) {
  console.error('Usage: node tools/nx/src/build-app.mjs apps/<name>');
  process.exit(2);
}
try {
  const { files, sizes } = await buildApp({ workspaceRoot: process.cwd(), root });
  const kB = (bytes) => `${Math.round(bytes / 1000)} kB`;
  for (const { path, bytes } of files) console.log(`${path}  ${kB(bytes)}`);
  const apart = Object.entries(sizes.apart).map(([name, bytes]) => `, ${kB(bytes)} for ${name} alone`);
  if (sizes.bytes > sizes.start || apart.length > 0) console.log(`code: ${kB(sizes.start)} at the start of ${kB(sizes.bytes)}${apart.join('')}`);
} catch (error) {
  // esbuild has already printed what it found; anything else than a broken rule of this build is a bug and keeps its stack.
  console.error(error instanceof BuildError ? `Error: ${error.message}` : error);
  process.exitCode = 1;
}
