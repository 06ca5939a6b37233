// A function's code without its template: seconds instead of a deployment, for environments that nobody depends on.
import { createHash } from 'node:crypto';
import {
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { DeployError } from './deploy-error.mjs';

/** How often a function that is being updated is asked whether it is done, and for how long. */
const POLL_MS = 500;
const PATIENCE_MS = 120_000;

/**
 * Gives functions the code of a zip; their settings, rights and schedules stay as they are. With an alias, the code becomes a version and the alias points at it.
 * @param {object} options
 * @param {import('@aws-sdk/client-lambda').LambdaClient} options.lambda
 * @param {Uint8Array} options.zip
 * @param {{ name: string, alias?: string }[]} options.functions
 * @param {(ms: number) => Promise<void>} options.sleep
 * @returns {Promise<{ name: string, changed: boolean, version?: string }[]>}
 * @throws {DeployError} when none of the functions is there, or AWS can't use the code
 */
export async function swapCode({ lambda, zip, functions, sleep }) {
  const sha = createHash('sha256').update(zip).digest('base64');
  const swapped = [];
  let missing;
  for (const one of functions) {
    try {
      swapped.push(await swapOne(one, { lambda, zip, sha, sleep }));
    } catch (error) {
      // An environment without entities has no function for them.
      if (!(error instanceof MissingFunction)) throw error;
      missing ??= error;
    }
  }
  if (swapped.length === 0 && missing !== undefined) throw missing;
  return swapped;
}

class MissingFunction extends DeployError {}

async function swapOne({ name, alias }, { lambda, zip, sha, sleep }) {
  const before = await configurationOf(lambda, name);
  // Somebody else's change may be under way: AWS refuses a second one meanwhile.
  if (before.LastUpdateStatus === 'InProgress') await settled(lambda, name, sleep);
  const changed = before.CodeSha256 !== sha;
  if (changed) {
    await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: name, ZipFile: zip, Architectures: before.Architectures }));
    await settled(lambda, name, sleep);
  }
  if (alias === undefined) return { name, changed };
  const pointed = await pointAlias(lambda, { name, alias, sha });
  return { name, changed: changed || pointed.moved, version: pointed.version };
}

async function configurationOf(lambda, name) {
  try {
    return await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
  } catch (error) {
    if (error.name !== 'ResourceNotFoundException') throw error;
    throw new MissingFunction(`there is no function ${name}: code alone can be swapped only where the app has been deployed; leave out --code-only`);
  }
}

async function settled(lambda, name, sleep) {
  for (let waited = 0; ; waited += POLL_MS) {
    const { LastUpdateStatus, LastUpdateStatusReason } = await configurationOf(lambda, name);
    if (LastUpdateStatus === 'Failed') throw new DeployError(`AWS could not update ${name}: ${LastUpdateStatusReason}`);
    if (LastUpdateStatus !== 'InProgress') return;
    if (waited >= PATIENCE_MS) throw new DeployError(`${name} is still being updated after ${PATIENCE_MS / 1000} s; look at it in the console`);
    await sleep(POLL_MS);
  }
}

/** A version is made of what is there now; Lambda answers the last one when nothing has changed since. */
async function pointAlias(lambda, { name, alias, sha }) {
  const { Version } = await lambda.send(new PublishVersionCommand({ FunctionName: name, CodeSha256: sha }));
  const { FunctionVersion } = await lambda.send(new GetAliasCommand({ FunctionName: name, Name: alias }));
  if (FunctionVersion === Version) return { version: Version, moved: false };
  await lambda.send(
    new UpdateAliasCommand({ FunctionName: name, Name: alias, FunctionVersion: Version, RoutingConfig: { AdditionalVersionWeights: {} } }),
  );
  return { version: Version, moved: true };
}
