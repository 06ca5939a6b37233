// An account that moto plays, and the commands that are called against it.
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENVIRONMENTS_FILE } from '../synthesize.mjs';
import { printed } from './command.mjs';
import { moto } from './prepare.mjs';

const ACCOUNTS = { dev: '123456789012', prod: '210987654321' };

export const environmentOf = (url) => ({
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

/** `loadin-setup` with these arguments; `file: null` for a command that takes no environments file. @returns {Promise<string>} what it printed @throws when its status is not 0, with its last lines */
export function loadinSetup({ root }, url, args, { file = ENVIRONMENTS_FILE, env = {} } = {}) {
  const all = [...args, ...(file === null ? [] : ['--file', file])];
  const command = join(root, 'apps/setup-scripts/bin/loadin-setup.mjs');
  return printed(`loadin-setup ${all.join(' ')}`, process.execPath, [command, ...all], {
    cwd: root,
    env: { ...environmentOf(url), ...env },
    all: true,
  });
}

/** What lies in the stacks by now, by the Python client that moto is made for. */
export async function inventory({ python }, url, ...args) {
  const script = join(import.meta.dirname, 'stacks.py');
  return JSON.parse(await printed(`stacks.py ${args[0]}`, join(python, 'python'), [script, ...args], { env: environmentOf(url) }));
}

export async function withMoto(context, environment, use, options = {}) {
  const server = await moto(context, ACCOUNTS[environment], options);
  try {
    return await use(server);
  } finally {
    await server.stop();
  }
}

/** The stacks of an account: those of today's templates, and each complete. */
export async function complete(context, url, environment) {
  const stacks = await inventory(context, url, 'list');
  const wanted = Object.keys(context.templates[environment]).map((stack) => `loadin-${environment}-${stack}`);
  const missing = wanted.filter((name) => !stacks.some((one) => one.name === name));
  const unfinished = stacks.filter(({ status }) => !/^(CREATE|UPDATE)_COMPLETE$/.test(status));
  if (missing.length + unfinished.length > 0) throw new Error(`not complete: ${JSON.stringify({ missing, unfinished })}`);
  return stacks;
}

/** Today's templates in a file, as those of the version before are. */
export function todaysFile({ folder, templates }, environment, change = (same) => same) {
  const file = join(folder, `today-${environment}.json`);
  writeFileSync(file, JSON.stringify(change(templates[environment])));
  return file;
}
