// What the targets `synth`, `diff` and `deploy` of an app do.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { checkAccount } from './account.mjs';
import { DeployError } from './deploy-error.mjs';
import { environmentOf, functionsOf, namedFunctions } from './functions.mjs';
import { swapCode } from './swap-code.mjs';

/**
 * @param {import('./arguments.mjs').DeployRequest} request
 * @param {{ workspaceRoot: string, print: (line: string) => void }} surroundings
 * @returns {Promise<number>} exit status: 0 done, else that of what failed
 * @throws {DeployError}
 */
export async function deployApp(request, { workspaceRoot, print }) {
  const settings = environmentOf(workspaceRoot, request);
  const work = { request, workspaceRoot, print, settings, app: request.root.split('/').pop() };
  if (request.verb !== 'deploy') return (await setup(work, request.verb)).status;
  if (request.codeOnly) {
    if (settings.production)
      throw new DeployError(
        `${settings.name} is a production environment: its code changes by versions that can be taken back; leave out --code-only`,
      );
    namedFunctions(workspaceRoot, request.root);
    await checkAccount(settings, request);
    await swap(work);
    return 0;
  }
  if (settings.production && !request.yes)
    throw new DeployError(
      `${settings.name} is a production environment: say with --yes that it is meant; nx diff ${work.app} shows what would change`,
    );
  return deploy(work);
}

async function deploy(work) {
  const { app, settings, print, workspaceRoot, request } = work;
  await checkAccount(settings, request);
  const tested = await run(process.execPath, [nxOf(workspaceRoot), 'run', `${projectName(workspaceRoot, request.root)}:test`], work);
  if (tested.status !== 0) throw new DeployError(`the specifications of ${app} fail: nothing was deployed`);
  const { status, output } = await setup(work, 'deploy', ['--yes']);
  if (status !== 0) return status;
  // The template may be as it was while somebody has swapped the code.
  const swapped = settings.production ? [] : await swap(work, { quiet: true });
  const changed = swapped.some((one) => one.changed) || /✅ (?!.*\(no changes\))/.test(output);
  print(changed ? `${app}: deployed to ${settings.name}.` : `${app}: nothing has changed in ${settings.name}, so nothing was deployed.`);
  return 0;
}

/** The code of the functions of one app; of an app without functions nothing. */
async function swap({ request, workspaceRoot, settings, print, app }, { quiet = false } = {}) {
  if (quiet && loadinOf(workspaceRoot, request.root).functions === undefined) return [];
  const { zip, functions } = functionsOf(workspaceRoot, request.root, settings);
  const lambda = new LambdaClient({ region: settings.region });
  try {
    const swapped = await swapCode({ lambda, zip, functions, sleep });
    for (const { name, changed, version } of swapped) {
      if (changed) print(`${name}: has the code of ${request.root}/dist/function.zip now, as version ${version}`);
      else if (!quiet) print(`${name}: has this code already`);
    }
    if (!quiet && !swapped.some(({ changed }) => changed)) print(`${app}: nothing has changed in ${settings.name}, so nothing was deployed.`);
    return swapped;
  } finally {
    lambda.destroy();
  }
}

/** `loadin-setup`, which lets the CDK work on the stacks of this app alone. */
function setup(work, verb, more = []) {
  const { request, app } = work;
  const options = [
    '--environment',
    request.environment,
    '--file',
    request.file,
    ...more,
    ...(request.out === undefined ? [] : ['--out', request.out]),
  ];
  return run(process.execPath, ['apps/setup-scripts/bin/loadin-setup.mjs', verb, app, ...options], work);
}

/** With its output shown as it comes, and kept. */
async function run(command, args, { workspaceRoot }) {
  const env = { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false' };
  const child = spawn(command, args, { cwd: workspaceRoot, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const [from, to] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ]) {
    from.setEncoding('utf8').on('data', (text) => {
      output += text;
      to.write(text);
    });
  }
  const status = await new Promise((done, failed) => child.on('error', failed).on('close', (code) => done(code ?? 1)));
  return { status, output };
}

/** The command of the installed Nx, where that says it is: it has moved between versions. */
function nxOf(workspaceRoot) {
  const folder = join(workspaceRoot, 'node_modules/nx');
  return join(folder, JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).bin.nx);
}

const manifestOf = (workspaceRoot, root) => JSON.parse(readFileSync(join(workspaceRoot, root, 'package.json'), 'utf8'));
const projectName = (workspaceRoot, root) => manifestOf(workspaceRoot, root).name;
const loadinOf = (workspaceRoot, root) => manifestOf(workspaceRoot, root).loadin ?? {};
