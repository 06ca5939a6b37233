// node tools/nx/src/deploy-app.mjs <synth|diff|deploy> apps/<name> [options]: run in the workspace's root, which is what the targets of the same names do.
import { parseArguments, USAGE } from './deploy/arguments.mjs';
import { DeployError } from './deploy/deploy-error.mjs';

try {
  const request = parseArguments(process.argv.slice(2));
  // The SDK takes half a second to load: a wrong call need not wait for it.
  const { deployApp } = await import('./deploy/deploy-app.mjs');
  process.exitCode = await deployApp(request, { workspaceRoot: process.cwd(), print: console.log });
} catch (error) {
  // Anything else than a rule of this command, or of its files, is a bug and keeps its stack.
  const ours = error instanceof DeployError || error.action === 'fatal';
  console.error(ours ? `Error: ${error.report ?? error.message}` : error);
  process.exitCode = error instanceof DeployError && error.usage ? 2 : 1;
  if (process.exitCode === 2) console.error(USAGE);
}
