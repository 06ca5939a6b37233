import { suggestionFor } from '@loadin/config';
import { STACK_NAMES, STACKS, type EnvironmentSettings, type StackName } from '@loadin/infrastructure';
import { FatalError } from '@loadin/resilience';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The stacks that an environment has, in the order in which they are deployed. */
export function stacksOf({ network, tasks, catalogue }: EnvironmentSettings): readonly StackName[] {
  const without = new Set<StackName>([
    ...(network?.kind === 'create' ? [] : (['network'] as const)),
    ...(tasks.length > 0 ? [] : (['fargate'] as const)),
    ...(catalogue ? [] : (['catalogue'] as const)),
  ]);
  return STACK_NAMES.filter((name) => !without.has(name));
}

/**
 * The stacks that are meant by names of stacks or apps; all that the environment has when none is given.
 * @throws FatalError for a name that is none, and for a stack that this environment does not have
 */
export function chooseStacks(names: readonly string[], environment: EnvironmentSettings): readonly StackName[] {
  const own = stacksOf(environment);
  if (names.length === 0) return own;
  const chosen = new Set(names.flatMap((name) => meant(name)));
  const foreign = [...chosen].find((name) => !own.includes(name));
  const fromApps = names.some((name) => !(name in STACKS));
  if (foreign !== undefined && !fromApps)
    throw new FatalError(`The environment ${environment.name} has no stack ${foreign}`, {
      hint: { network: 'It needs network: { cidr: … }.', fargate: 'It needs tasks: [job].', catalogue: 'It says catalogue: false.' }[
        foreign as 'network'
      ],
    });
  return own.filter((name) => chosen.has(name));
}

function meant(name: string): readonly StackName[] {
  const found = STACK_NAMES.filter((stack) => stack === name || STACKS[stack].app === name);
  if (found.length > 0) return found;
  const near = suggestionFor(name, [...STACK_NAMES, ...new Set(STACK_NAMES.map((stack) => STACKS[stack].app))]);
  throw new FatalError(`There is no stack ${name}${near === undefined ? '' : `; did you mean ${near}?`}`, {
    hint: `There are ${STACK_NAMES.join(', ')}; or name an app, for those that it has.`,
  });
}

/** What has to be built before a stack is made: of each app its own. */
const BUILT: Partial<Record<StackName, string>> = { ingestion: 'function.zip', consumer: 'function.zip', fargate: 'main.mjs' };

/** @throws FatalError naming the command that builds what is missing */
export function checkBuilt(stacks: readonly StackName[], workspace: string): void {
  const missing = stacks.filter((name) => BUILT[name] !== undefined && !existsSync(join(workspace, 'apps', STACKS[name].app, 'dist', BUILT[name])));
  if (missing.length === 0) return;
  const apps = [...new Set(missing.map((name) => STACKS[name].app))];
  throw new FatalError(`${missing.join(', ')} ${missing.length === 1 ? 'needs' : 'need'} what is not built yet`, {
    where: apps.map((app) => `apps/${app}/dist`).join(', '),
    hint: `Build it: npx nx run-many -t build -p ${apps.join(',')}`,
  });
}
