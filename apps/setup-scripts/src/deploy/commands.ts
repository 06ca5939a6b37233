import { loadEnvironment } from '@loadin/config';
import { deployedJobs, STACKS, type StackName } from '@loadin/infrastructure';
import { FatalError, LoadinError } from '@loadin/resilience';
import type { Command } from 'commander';
import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createClients, type Clients } from '../clients.js';
import { createResources } from '../create.js';
import { errorText, EXIT } from '../exit.js';
import { stepLine } from '../output.js';
import type { Shell } from '../program.js';
import { artifactsOf, sharedResources } from '../resources/of-stacks.js';
import { checkAccount } from './account.js';
import { cdkLines } from './cdk-lines.js';
import { callCdk, type CdkCall } from './cdk.js';
import { checkBuilt, chooseStacks } from './choose-stacks.js';
import { inOwnFolder, keepFolder } from './own-folder.js';
import { foreignResources, presentResources, refuseForeign } from './ownership.js';
import { policiesOf } from './policy.js';
import { keepForImport } from './import-template.js';
import { ENVIRONMENTS_FILE, readEnvironment, type ChosenEnvironment } from './read-environment.js';
import { settingsOf } from './settings.js';
import { workspaceOf } from './workspace.js';

interface Options {
  readonly environment: string;
  readonly file: string;
  readonly out?: string;
  readonly yes?: boolean;
}

/** What a command works on. */
interface Work {
  readonly shell: Shell;
  readonly environment: ChosenEnvironment;
  readonly stacks: readonly StackName[];
  readonly workspace: string;
  readonly options: Options;
}

/** Adds `synth`, `diff`, `deploy`, `import`, `destroy` and `policy`, which call the CDK's own command, and `settings`, which calls nothing. */
export function addDeployCommands(program: Command, shell: Shell, ended: (status: number) => void): void {
  const command = (usage: string, description: string, run: (work: Work) => Promise<number> | number, needsBuild = true): Command =>
    program
      .command(usage)
      .description(description)
      .requiredOption('--environment <name>', 'one of the environments file')
      .option('--file <path>', 'the environments file', ENVIRONMENTS_FILE)
      .action(async (...given: unknown[]) => {
        // Behind the arguments, which a command may have, come its options and the command itself.
        const [names, options] = [given.slice(0, -2).flat() as string[], given.at(-2) as Options];
        const work = workOf(shell, names, options);
        if (work === undefined) return ended(EXIT.usage);
        if (needsBuild) checkBuilt(work.stacks, work.workspace);
        ended(await run(work));
      });
  command('synth [stack...]', 'write the templates of stacks (or of the stacks of apps); needs neither network nor account', synth).option(
    '--out <folder>',
    'where to; default: .loadin/cdk.out/<environment>',
  );
  command('diff [stack...]', 'show what a deployment would change', (work) => inAccount(work, () => throughCdk(work, ['diff'])));
  command('deploy [stack...]', 'show what changes, and deploy it', deploy).option('--yes', 'do not ask');
  command('import <stack>', 'let a stack take over what loadin-setup create has made (cdk import)', importResources);
  command('destroy <stack...>', 'remove stacks, and with them what they made; never of a production environment', destroy).option(
    '--yes',
    'do not ask',
  );
  command('policy <app>', 'print as JSON what the roles of an app, or of a stack, are allowed', policy);
  command('settings', 'print the settings by which commands on this machine work with what was deployed, as lines of .env', settings, false);
}

/** @returns undefined, said why: the call, the environments file or the jobs file that it names is wrong. Nothing is called for those. */
function workOf(shell: Shell, names: readonly string[], options: Options): Work | undefined {
  try {
    const environment = readEnvironment(options.environment, options.file, shell.cwd);
    const stacks = chooseStacks(names, environment.settings);
    deployedJobs(environment.settings, dirname(environment.file));
    return { shell, environment, stacks, workspace: workspaceOf(), options };
  } catch (error) {
    if (!(error instanceof LoadinError)) throw error;
    shell.output.complain(errorText(error));
    return undefined;
  }
}

async function synth(work: Work): Promise<number> {
  const { shell, options, workspace, environment } = work;
  const { name } = environment.settings;
  if (options.out !== undefined) {
    const folder = resolve(shell.cwd, options.out);
    mkdirSync(folder, { recursive: true });
    return await synthInto(work, folder, () => folder);
  }
  const status = await inOwnFolder(workspace, name, (folder) => synthInto(work, folder, () => keepFolder(folder, workspace, name)));
  if (status === EXIT.ok) shell.output.complain('Say --out <folder> to have them elsewhere.');
  return status;
}

/** @param keep once the templates are written: says where they are found from then on */
async function synthInto(work: Work, folder: string, keep: () => string): Promise<number> {
  const { shell, stacks, environment } = work;
  const status = await throughCdk(work, ['synth', '--quiet'], { outdir: folder });
  if (status !== EXIT.ok) return status;
  const kept = keep();
  for (const stack of stacks)
    shell.output.print(stepLine('created', join(kept, `${stack}.template.json`), `${environment.settings.name}, ${STACKS[stack].description}`));
  return EXIT.ok;
}

async function deploy(work: Work): Promise<number> {
  const { options, stacks } = work;
  if (stacks.length === 0) return nothingToDo(work);
  if (options.yes !== true) mustBeAsked('deploy');
  await inAccount(work, async (clients) => {
    for (const stack of stacks)
      refuseForeign(await foreignResources(sharedResources(stack, work.environment.settings, clients)), stack, options.environment);
    await createResources(artifactsOf(work.environment.settings, clients), work.shell.output);
  });
  if (options.yes !== true) return await throughCdk(work, ['deploy', '--exclusively', '--require-approval', 'any-change']);
  // What is deployed is what was shown: templates are made once.
  return await inOwnFolder(work.workspace, work.environment.settings.name, async (folder) => {
    const made = { outdir: folder, made: true };
    const commands = [
      ['diff', '--exclusively'] as const,
      ['deploy', '--exclusively', '--require-approval', 'never', '--progress', 'events'] as const,
    ];
    let status = await throughCdk(work, ['synth', '--quiet'], { outdir: folder });
    for (const command of commands) if (status === EXIT.ok) status = await throughCdk(work, command, made);
    return status;
  });
}

async function importResources(work: Work): Promise<number> {
  const [stack, ...others] = work.stacks;
  if (stack === undefined || others.length > 0)
    throw new FatalError('One stack after the other is imported', { hint: 'loadin-setup import storage --environment dev' });
  return await inAccount(work, async (clients) => {
    const present = await presentResources(sharedResources(stack, work.environment.settings, clients));
    const names = present.map(({ self }) => self.name);
    if (names.length === 0)
      throw new FatalError(`There is nothing that the stack ${stack} could take over`, { hint: 'Deploy it: loadin-setup deploy' });
    const status = await inOwnFolder(work.workspace, work.environment.settings.name, async (folder) => {
      const synthesized = await throughCdk(work, ['synth', '--quiet'], { outdir: folder });
      if (synthesized !== EXIT.ok) return synthesized;
      const mapping = JSON.stringify(keepForImport(folder, stack, names));
      return await throughCdk(work, ['import', '--force', '--resource-mapping-inline', mapping], { outdir: folder, made: true });
    });
    if (status !== EXIT.ok) return status;
    for (const { self, takeOver } of present) {
      await takeOver('cdk');
      work.shell.output.print(stepLine('changed', `${self.name}: tags`, 'ManagedBy=cdk'));
    }
    work.shell.output.print(`What else the stack says comes with: loadin-setup deploy ${stack} --environment ${work.environment.settings.name}`);
    return EXIT.ok;
  });
}

async function destroy(work: Work): Promise<number> {
  const { environment, stacks, options } = work;
  const { name, production } = environment.settings;
  if (production)
    throw new FatalError(`${name} is a production environment: its stacks are not destroyed`, {
      where: environment.file,
      hint: 'Its stacks are protected and its data is kept even without them; who really means it ends the protection in the CloudFormation console, stack by stack.',
    });
  if (stacks.length === 0) return nothingToDo(work);
  if (options.yes !== true) mustBeAsked('destroy');
  return await inAccount(work, () => throughCdk(work, ['destroy', '--exclusively', ...(options.yes === true ? ['--force'] : [])]));
}

function settings({ shell, environment }: Work): number {
  for (const line of settingsOf(environment)) shell.output.print(line);
  return EXIT.ok;
}

async function policy(work: Work): Promise<number> {
  return await inOwnFolder(work.workspace, work.environment.settings.name, async (folder) => {
    // What the CDK says of its work is no part of the answer.
    const quiet: Shell = { ...work.shell, output: { ...work.shell.output, print: () => undefined } };
    const status = await throughCdk({ ...work, shell: quiet }, ['synth', '--quiet'], { outdir: folder });
    if (status === EXIT.ok) work.shell.output.print(JSON.stringify(policiesOf(folder, work.stacks, work.environment.settings), null, 2));
    return status;
  });
}

/** @param place default: a folder of this call, which goes with it */
async function throughCdk(work: Work, command: CdkCall['command'], place?: Pick<CdkCall, 'outdir' | 'made'>): Promise<number> {
  const { shell, environment, stacks, workspace } = work;
  if (place === undefined) return await inOwnFolder(workspace, environment.settings.name, (outdir) => throughCdk(work, command, { outdir }));
  const { output } = shell;
  const status = await callCdk({
    workspace,
    environment,
    stacks,
    command,
    ...place,
    env: { ...shell.env, ...fromDotEnv(shell) },
    print: cdkLines(output.print),
    complain: cdkLines(output.complain),
  });
  return status === 0 ? EXIT.ok : EXIT.failed;
}

/** Keys may stand in `.env`, which the CDK does not read. */
function fromDotEnv({ cwd, env }: Shell): Record<string, string> {
  const environment = loadEnvironment({ cwd, env });
  const names = environment.names.filter((name) => /^AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|PROFILE|ENDPOINT_URL\w*)$/.test(name));
  return Object.fromEntries(names.flatMap((name) => [[name, environment.get(name)?.value ?? '']]));
}

/** Once it is sure that the credentials are of the account that the environment is in: before, nothing is made or called. */
async function inAccount<T>({ shell, environment }: Work, use: (clients: Clients) => Promise<T>): Promise<T> {
  const clients = createClients(environment.settings.region, loadEnvironment({ cwd: shell.cwd, env: shell.env }));
  try {
    await checkAccount(environment.settings, clients);
    return await use(clients);
  } finally {
    clients.close();
  }
}

function nothingToDo({ shell, environment }: Work): number {
  shell.output.print(`Nothing to do: ${environment.settings.name} has no stack of that app.`);
  return EXIT.ok;
}

function mustBeAsked(command: string): void {
  if (process.stdin.isTTY) return;
  throw new FatalError('There is nobody to ask: standard input is no terminal', { hint: `Say that it is meant: loadin-setup ${command} … --yes` });
}
