import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startMoto } from '../../local-aws/independent/emulators.mjs';
import { freePort, serve } from '../../local-aws/independent/processes.mjs';
import { printed } from './command.mjs';

const SERVER = join(import.meta.dirname, 'moto-server.py');

const emulators = (root) => join(root, 'tools/local-aws/independent');

/** The libs, tools and apps that the checks run. */
export async function build(root) {
  const { build: buildAll } = await import(join(root, 'tools/dev/workspace.mjs'));
  await buildAll();
}

/**
 * moto's CloudFormation, Lambda, S3, Kinesis, DynamoDB and more, in memory, as one account.
 * @param {{ asItIs?: boolean }} [options] without what moto-server.py adds
 */
export async function moto({ python }, account, { asItIs = false } = {}) {
  process.env.MOTO_ACCOUNT_ID = account;
  const port = await freePort();
  const args = [SERVER, '-H', '127.0.0.1', '-p', String(port), ...(asItIs ? ['--as-it-is'] : [])];
  const server = await serve('moto', join(python, 'python'), args, port).finally(() => delete process.env.MOTO_ACCOUNT_ID);
  // Without this it would look for Docker.
  await fetch(`${server.url}/moto-api/config`, { method: 'POST', body: JSON.stringify({ lambda: { use_docker: false } }) });
  return server;
}

/** The kinds of resources that it makes; it passes over all others. @returns {Promise<string[]>} */
export async function kindsOfMoto({ python }) {
  return JSON.parse(await printed('the kinds that moto makes', join(python, 'python'), [SERVER, '--kinds']));
}

/** The Python that has cfn-lint: moto brings it, pinned in the same file. */
export async function python(cache, root) {
  const requirements = await readFile(join(emulators(root), 'requirements.txt'), 'utf8');
  const version = /^moto\[server\]==(.+)$/m.exec(requirements)?.[1];
  const bin = join(cache, `moto-${version}`, 'bin');
  if (!existsSync(join(bin, 'cfn-lint'))) await (await startMoto(cache, emulators(root))).stop();
  return bin;
}
