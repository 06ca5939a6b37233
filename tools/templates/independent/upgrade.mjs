// The stacks of the version before, with something in them; then today's over them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { complete, inventory, loadinSetup, todaysFile, withMoto } from './account.mjs';

/** Of the version before; it is written anew when a version is released. */
const previousOf = (environment) => join(import.meta.dirname, '../previous', `${environment}.json`);

async function createPrevious(context, environment, url) {
  const file = previousOf(environment);
  const stacks = Object.keys(JSON.parse(readFileSync(file, 'utf8')));
  const order = Object.keys(context.templates[environment]);
  stacks.sort((one, two) => ORDER.indexOf(one) - ORDER.indexOf(two));
  if (stacks.some((stack) => !order.includes(stack)))
    throw new Error(`stacks of the version before are gone: ${stacks.join(', ')} → ${order.join(', ')}`);
  return { stacks, before: await inventory(context, url, 'create', file, environment, ...stacks) };
}

/** Each after what it names, as the commands do it. */
const ORDER = ['storage', 'streaming', 'network', 'ingestion', 'consumer', 'fargate', 'catalogue', 'observability'];

const lossesOf = (before, after) =>
  Object.entries(before).flatMap(([id, physical]) => (after[id] === physical ? [] : [`${id} (${physical}, now ${after[id] ?? 'nothing'})`]));

/** By the command, as people upgrade, where moto can. */
export const checkUpgrade = (environment) => (context) =>
  withMoto(context, environment, async ({ url }) => {
    const { stacks, before } = await createPrevious(context, environment, url);
    const changed = stacks.filter(
      (stack) =>
        JSON.stringify(context.templates[environment][stack]) !== JSON.stringify(JSON.parse(readFileSync(previousOf(environment), 'utf8'))[stack]),
    );
    // moto does not know which parameters a stack of prod had, and the CDK asks for those; its own client gives none.
    if (environment === 'prod') await inventory(context, url, 'update', todaysFile(context, environment), environment, ...stacks);
    else await loadinSetup(context, url, ['deploy', '--environment', environment, '--yes']);
    await complete(context, url, environment);
    const lost = lossesOf(before, await inventory(context, url, 'data', environment));
    if (lost.length > 0) throw new Error(`replaced or gone: ${lost.join(', ')}`);
    if (changed.length === 0) throw new Error('no stack differs from the version before: nothing was upgraded');
    return [
      `${stacks.length} stacks, of which ${changed.join(', ')} have changed`,
      `${Object.keys(before).length} resources with data: each is the one that it was, and has what was put into it`,
    ];
  });

/** The same with a mistake in today's templates: a bucket under another logical id. */
export const checkLoss = (environment) => (context) =>
  withMoto(context, environment, async ({ url }) => {
    const { before } = await createPrevious(context, environment, url);
    const renamed = (templates) => {
      const { Resources } = templates.storage;
      const raw = Object.keys(Resources).find((id) => Resources[id].Properties?.BucketName?.includes('-raw-'));
      // With its policy, which names it.
      return JSON.parse(JSON.stringify(templates).replaceAll(`"${raw}"`, '"RawUnderAnotherId"'));
    };
    const file = todaysFile(context, environment, renamed);
    const after = await inventory(context, url, 'update', file, environment, 'storage').catch(({ message }) => ({ failed: message }));
    todaysFile(context, environment);
    // CloudFormation would make the new one first, whose name is taken; moto takes the old one away first.
    const seen = after.failed ?? lossesOf(before, after).find((loss) => loss.includes('AWS::S3::Bucket')) ?? '';
    if (seen === '') throw new Error('a bucket under another logical id passes for the one that it was');
    return [seen.split('\n').at(-1)];
  });
