// Stacks in moto's CloudFormation, by the command that people use, and what was deployed at work there.
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENVIRONMENTS_FILE } from '../synthesize.mjs';
import { BEYOND_MOTO } from './beyond-moto.mjs';
import { printed } from './command.mjs';
import { moto } from './prepare.mjs';
import { runDeployed } from './run-deployed.mjs';

const ACCOUNTS = { dev: '123456789012', prod: '210987654321' };

const environmentOf = (url) => ({
  ...process.env,
  AWS_ENDPOINT_URL: url,
  // moto finds a template by no other address than this.
  AWS_ENDPOINT_URL_S3_FOR_CLOUDFORMATION: 'https://s3.us-east-1.amazonaws.com',
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
  // The CDK keeps which account a key belongs to: each server has a key of its own, and nothing is kept in anybody's home.
  AWS_ACCESS_KEY_ID: `independent${new URL(url).port}`,
  CDK_HOME: join(tmpdir(), 'loadin-templates-lane-cdk'),
  AWS_SECRET_ACCESS_KEY: 'independent',
  AWS_EC2_METADATA_DISABLED: 'true',
  NX_DAEMON: 'false',
});

/** The stacks of today's templates that moto can make. */
const stacksOf = ({ templates }, environment) =>
  Object.keys(templates[environment]).filter((one) => !BEYOND_MOTO.some((two) => two.environment === environment && two.stack === one));

/** `loadin-setup deploy`, as the workflow calls it by `nx deploy`. */
function deploy({ root }, environment, url, stacks) {
  const args = ['deploy', ...stacks, '--environment', environment, '--file', ENVIRONMENTS_FILE, '--yes'];
  const command = join(root, 'apps/setup-scripts/bin/loadin-setup.mjs');
  return printed(`loadin-setup ${args.join(' ')}`, process.execPath, [command, ...args], { cwd: root, env: environmentOf(url) });
}

/** What lies in the stacks by now, by the Python client that moto is made for. */
async function inventory({ python }, url, ...args) {
  const script = join(import.meta.dirname, 'stacks.py');
  return JSON.parse(await printed(`stacks.py ${args[0]}`, join(python, 'python'), [script, ...args], { env: environmentOf(url) }));
}

async function withMoto(context, environment, use) {
  const server = await moto(context, ACCOUNTS[environment]);
  try {
    return await use(server);
  } finally {
    await server.stop();
  }
}

/** Not by the CDK: it protects stacks of production from being deleted, a call that moto does not know. */
export const checkDeployment = (environment) => (context) =>
  withMoto(context, environment, async ({ url }) => {
    await inventory(context, url, 'create', todaysFile(context, environment), environment, ...stacksOf(context, environment));
    const stacks = await complete(context, url);
    return [`${stacks.length} stacks, ${stacks.reduce((sum, { resources }) => sum + resources, 0)} resources`];
  });

/** `loadin-setup deploy`, and the functions at work. */
export const checkAtWork = (environment) => (context) =>
  withMoto(context, environment, async ({ url }) => {
    await deploy(context, environment, url, stacksOf(context, environment));
    const stacks = await complete(context, url);
    const resources = stacks.reduce((sum, one) => sum + one.resources, 0);
    return [`${stacks.length} stacks, ${resources} resources`, ...(await runDeployed(context, environmentOf(url)))];
  });

async function complete(context, url) {
  const stacks = await inventory(context, url, 'list');
  const unfinished = stacks.filter(({ status }) => !/^(CREATE|UPDATE)_COMPLETE$/.test(status));
  if (stacks.length === 0 || unfinished.length > 0) throw new Error(`not complete: ${JSON.stringify(unfinished)}`);
  return stacks;
}

/** Today's templates in a file, as those of the version before are. */
function todaysFile({ folder, templates }, environment) {
  const file = join(folder, `today-${environment}.json`);
  writeFileSync(file, JSON.stringify(templates[environment]));
  return file;
}

/** What is listed as beyond moto still is, for the reason that is listed. */
export const checkBeyond =
  ({ environment, stack, says }) =>
  (context) =>
    withMoto(context, environment, async ({ url }) => {
      const file = todaysFile(context, environment);
      // What it names has to be there, so that this is not why it fails.
      await inventory(context, url, 'create', file, environment, ...stacksOf(context, environment));
      const error = await inventory(context, url, 'create', file, environment, stack).then(
        () => undefined,
        (thrown) => thrown,
      );
      if (error === undefined) throw new Error(`moto can make ${stack} now: it has to leave beyond-moto.mjs`);
      if (!says.test(error.message)) throw error;
    });

/** The stacks of the version before, with something in them; then today's over them. */
export const checkUpgrade = (environment) => (context) =>
  withMoto(context, environment, async ({ url }) => {
    const previous = join(import.meta.dirname, '../previous', `${environment}.json`);
    const stacks = Object.keys(JSON.parse(readFileSync(previous, 'utf8'))).filter((one) => stacksOf(context, environment).includes(one));
    const before = await inventory(context, url, 'create', previous, environment, ...stacks);
    // Not by the CDK, which waits for minutes for the change sets of stacks that moto has already.
    const after = await inventory(context, url, 'update', todaysFile(context, environment), environment, ...stacks);
    await complete(context, url);
    const lost = Object.entries(before).filter(([id, physical]) => after[id] !== physical);
    if (lost.length > 0) throw new Error(`replaced or gone: ${lost.map(([id, physical]) => `${id} (${physical})`).join(', ')}`);
    return [`${stacks.length} stacks, ${Object.keys(before).length} resources with data: each is the one that it was, and has what was put into it`];
  });
