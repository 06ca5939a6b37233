import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startMoto } from '../../local-aws/independent/emulators.mjs';

const emulators = (root) => join(root, 'tools/local-aws/independent');

/** The libs, tools and apps that the checks run. */
export async function build(root) {
  const { build: buildAll } = await import(join(root, 'tools/dev/workspace.mjs'));
  await buildAll();
}

/** moto's own CloudFormation, Lambda, S3, Kinesis, DynamoDB and more, in memory, as one account. */
export async function moto({ cache, root }, account) {
  process.env.MOTO_ACCOUNT_ID = account;
  const server = await startMoto(cache, emulators(root)).finally(() => delete process.env.MOTO_ACCOUNT_ID);
  // Without this it would look for Docker.
  await fetch(`${server.url}/moto-api/config`, { method: 'POST', body: JSON.stringify({ lambda: { use_docker: false } }) });
  return server;
}

/** The Python that has cfn-lint: moto brings it, pinned in the same file. */
export async function python(cache, root) {
  const requirements = await readFile(join(emulators(root), 'requirements.txt'), 'utf8');
  const version = /^moto\[server\]==(.+)$/m.exec(requirements)?.[1];
  const bin = join(cache, `moto-${version}`, 'bin');
  if (!existsSync(join(bin, 'cfn-lint'))) await (await startMoto(cache, emulators(root))).stop();
  return bin;
}
