// Stacks in moto's CloudFormation, by the command that people use, and what was deployed at work there.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ENVIRONMENTS_FILE } from '../synthesize.mjs';
import { moto } from './prepare.mjs';
import { runDeployed } from './run-deployed.mjs';

const ACCOUNTS = { dev: '123456789012', prod: '210987654321' };

const previousOf = (environment) => join(import.meta.dirname, '../previous', `${environment}.json`);
const stacksOf = (environment) => Object.keys(JSON.parse(readFileSync(previousOf(environment), 'utf8'))).filter((stack) => !(stack in BEYOND_MOTO));

const environmentOf = (url) => ({
  ...process.env,
  AWS_ENDPOINT_URL: url,
  // moto finds a template by no other address than this.
  AWS_ENDPOINT_URL_S3_FOR_CLOUDFORMATION: 'https://s3.us-east-1.amazonaws.com',
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'independent',
  AWS_SECRET_ACCESS_KEY: 'independent',
  AWS_EC2_METADATA_DISABLED: 'true',
});

/**
 * Stacks that moto can't make, by what it says then: it knows no alarms, to which references fail, and no aliases of functions, to one of which the stream is mapped. They are
 * judged by cfn-lint and by specifications alone.
 */
const BEYOND_MOTO = { observability: /Fn::GetAtt references undefined resource/, consumer: /XML parse error: unexpected content/ };

/** `loadin-setup deploy`, as the workflow calls it by `nx deploy`, of all stacks of the environment that moto can make. */
async function deploy({ root }, environment, url, stacks = stacksOf(environment)) {
  const args = ['deploy', ...stacks, '--environment', environment, '--file', ENVIRONMENTS_FILE, '--yes'];
  const options = { cwd: root, env: environmentOf(url), maxBuffer: 64 * 1024 * 1024 };
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [join(root, 'apps/setup-scripts/bin/loadin-setup.mjs'), ...args],
    options,
  ).catch((error) => {
    throw new Error(`loadin-setup ${args.join(' ')}: ${`${error.stdout}${error.stderr}`.split('\n').slice(-25).join('\n')}`);
  });
  return `${stdout}${stderr}`;
}

/** What lies in the stacks by now, by the Python client that moto is made for. */
async function inventory({ python }, url, ...args) {
  const { stdout } = await promisify(execFile)(join(python, 'python'), [join(import.meta.dirname, 'stacks.py'), ...args], {
    env: environmentOf(url),
    maxBuffer: 64 * 1024 * 1024,
  }).catch((error) => {
    throw new Error(`stacks.py ${args[0]}: ${error.stderr.split('\n').slice(-6).join('\n')}`);
  });
  return JSON.parse(stdout);
}

export const checkDeployment = (environment) => async (context) => {
  const server = await moto(context, ACCOUNTS[environment]);
  try {
    await deploy(context, environment, server.url);
    const stacks = await inventory(context, server.url, 'list');
    const unfinished = stacks.filter(({ status }) => !/^(CREATE|UPDATE)_COMPLETE$/.test(status));
    if (stacks.length === 0 || unfinished.length > 0) throw new Error(`not complete: ${JSON.stringify(unfinished)}`);
    for (const [stack, message] of Object.entries(BEYOND_MOTO)) {
      const error = await deploy(context, environment, server.url, [stack]).catch((thrown) => thrown);
      if (!(error instanceof Error)) throw new Error(`moto can make ${stack} now: it has to leave the list`);
      if (!message.test(error.message)) throw error;
    }
    const again = await deploy(context, environment, server.url);
    const changed = stacks.filter(({ name }) => !again.includes(`${name} (no changes)`)).map(({ name }) => name);
    if (changed.length > 0) throw new Error(`nothing has changed, and yet it is deployed again: ${changed.join(', ')}`);
    const notes = [
      `${stacks.length} stacks, ${stacks.reduce((sum, { resources }) => sum + resources, 0)} resources; deployed again, nothing changes`,
    ];
    return environment === 'dev' ? [...notes, ...(await runDeployed(context, environmentOf(server.url)))] : notes;
  } finally {
    await server.stop();
  }
};

/** The stacks of the version before, with something in them; then today's over them. */
export const checkUpgrade = (environment) => async (context) => {
  const server = await moto(context, ACCOUNTS[environment]);
  try {
    const stacks = stacksOf(environment);
    const before = await inventory(context, server.url, 'create', previousOf(environment), environment, ...stacks);
    await deploy(context, environment, server.url);
    const after = await inventory(context, server.url, 'data', environment);
    const lost = Object.entries(before).filter(([id, physical]) => after[id] !== physical);
    if (lost.length > 0) throw new Error(`replaced or gone: ${lost.map(([id, physical]) => `${id} (${physical})`).join(', ')}`);
    return [`${stacks.length} stacks, ${Object.keys(before).length} resources with data: each is the one that it was, and has what was put into it`];
  } finally {
    await server.stop();
  }
};
