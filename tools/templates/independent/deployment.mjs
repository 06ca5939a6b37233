// Stacks in moto's CloudFormation, by the command that people use, and what was deployed at work there.
import { BEYOND_MOTO, PASSED_OVER } from './beyond-moto.mjs';
import { environmentOf, inventory, loadinSetup, complete, todaysFile, withMoto } from './account.mjs';
import { kindsOfMoto } from './prepare.mjs';
import { runDeployed } from './run-deployed.mjs';

const deploy = (context, environment, url) => loadinSetup(context, url, ['deploy', '--environment', environment, '--yes']);
const counted = (stacks) => `${stacks.length} stacks, ${stacks.reduce((sum, { resources }) => sum + resources, 0)} resources`;

/** `loadin-setup deploy` of all stacks. */
export const checkDeployment = (environment) => (context) =>
  withMoto(context, environment, async ({ url }) => {
    await deploy(context, environment, url);
    const stacks = await complete(context, url, environment);
    const open = stacks.filter((one) => one.protected !== (environment === 'prod'));
    if (open.length > 0) throw new Error(`termination protection is wrong: ${JSON.stringify(open)}`);
    return [counted(stacks)];
  });

/** `loadin-setup deploy`, and the functions at work. */
export const checkAtWork = (environment) => (context) =>
  withMoto(context, environment, async ({ url }) => {
    await deploy(context, environment, url);
    const stacks = await complete(context, url, environment);
    return [counted(stacks), ...(await runDeployed(context, environmentOf(url)))];
  });

/** What is listed as beyond moto still is, for the reason that is listed. */
export const checkBeyond =
  ({ environment, stack, says }) =>
  (context) =>
    withMoto(
      context,
      environment,
      async ({ url }) => {
        const file = todaysFile(context, environment);
        const listed = (one) => BEYOND_MOTO.some((two) => two.environment === environment && two.stack === one);
        // What it names has to be there, so that this is not why it fails.
        const others = Object.keys(context.templates[environment]).filter((one) => !listed(one));
        await inventory(context, url, 'create', file, environment, ...others);
        const error = await inventory(context, url, 'create', file, environment, stack).then(
          () => undefined,
          (thrown) => thrown,
        );
        if (error === undefined)
          throw new Error(`moto can make ${stack} now: it has to leave beyond-moto.mjs, and what is added for it moto-server.py`);
        if (!says.test(error.message)) throw error;
      },
      { asItIs: true },
    );

export async function checkPassedOver(context) {
  const made = new Set(await kindsOfMoto(context));
  const templates = Object.values(context.templates).flatMap((stacks) => Object.values(stacks));
  const kinds = new Set(templates.flatMap(({ Resources }) => Object.values(Resources).map(({ Type }) => Type)));
  const found = [...kinds].filter((kind) => !made.has(kind)).sort();
  if (JSON.stringify(found) !== JSON.stringify([...PASSED_OVER].sort())) throw new Error(`PASSED_OVER should be ${JSON.stringify(found)}`);
  return [`${kinds.size - found.length} of ${kinds.size} kinds of resources are made`];
}
