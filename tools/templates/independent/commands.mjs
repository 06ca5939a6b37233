// The commands that people call, one after the other, against moto: each has to do what it says, and to say what it does.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnvironments, resourceNames } from '@loadin/infrastructure';
import { ENVIRONMENTS_FILE } from '../synthesize.mjs';
import { complete, environmentOf, inventory, loadinSetup, withMoto } from './account.mjs';
import { printed } from './command.mjs';

const STACKS = /^.*✅ {2}(\w+) \(loadin-dev-\w+\)(?: \((no changes)\))?$/gm;

/** The stacks of which a deployment says that it has changed them. */
const changedBy = (text) => [...text.matchAll(STACKS)].flatMap(([, stack, same]) => (same === undefined ? [stack] : []));

function expectThat(holds, what, text = '') {
  if (!holds) throw new Error(`${what}\n${text.trim().split('\n').slice(-20).join('\n')}`);
}

/** What a command that must not do anything says. */
const refused = (command) =>
  command.then(
    () => '',
    ({ message }) => message,
  );

/** deploy → diff → deploy → another setting → diff → deploy → destroy. */
export const checkCommands = (context) =>
  withMoto(context, 'dev', async ({ url }) => {
    const changed = join(context.folder, 'changed.yaml');
    writeFileSync(changed, readFileSync(ENVIRONMENTS_FILE, 'utf8').replace('suffix: -dev', 'suffix: -dev\n    sizes: { ingestion_memory_mb: 768 }'));
    const call = (args, file) => loadinSetup(context, url, [...args, '--environment', 'dev'], { file });
    const memory = async () => (await inventory(context, url, 'function', namesOf('dev').ingestionFunction)).memory;

    const first = changedBy(await call(['deploy', '--yes']));
    expectThat(first.length === Object.keys(context.templates.dev).length, `deploy has made ${first.join(', ')}`);
    const same = await call(['diff']);
    expectThat(same.includes('Number of stacks with differences: 0'), 'diff sees differences in what was deployed just now', same);
    const again = changedBy(await call(['deploy', '--yes']));
    expectThat(again.length === 0, `deployed again, nothing should change: ${again.join(', ')}`);
    const other = await call(['diff'], changed);
    const shown = /AWS::Lambda::Function Ingestion .*\n.*MemorySize\n.*512\n.*768\n/.test(other);
    expectThat(shown && other.includes('Number of stacks with differences: 1'), 'diff does not show the setting that was changed', other);
    expectThat((await memory()) === 512, 'diff has changed something');
    const second = changedBy(await call(['deploy', '--yes'], changed));
    expectThat(
      second.join() === 'ingestion' && (await memory()) === 768,
      `the setting was deployed by ${second.join(', ')}, with ${await memory()} MB`,
    );
    await complete(context, url, 'dev');

    const production = await refused(loadinSetup(context, url, ['destroy', 'storage', '--environment', 'prod', '--yes']));
    expectThat(production.includes('prod is a production environment: its stacks are not destroyed'), 'production is destroyed', production);
    const asked = await refused(call(['destroy', 'storage']));
    expectThat(asked.includes('There is nobody to ask'), 'destroy does not ask', asked);
    await call(['destroy', ...Object.keys(context.templates.dev), '--yes'], changed);
    const left = await inventory(context, url, 'list');
    expectThat(left.length === 0, `destroy has left ${JSON.stringify(left)}`);
    return ['deploy, diff, deploy again, another setting, diff, deploy, destroy: as they say', ...(await checkOwners(context, url))];
  });

/** What `create` has made is no stack's until it is imported. */
async function checkOwners(context, url) {
  const names = namesOf('dev');
  const env = {
    AWS_S3_BUCKET_RAW: names.rawBucket,
    AWS_S3_BUCKET_PROCESSED: names.processedBucket,
    S3_BUCKET_NAME: names.bronzeBucket,
    AWS_KINESIS_STREAM_NAME: names.stream,
    CHECKPOINT_STORE: `dynamodb://${names.checkpointTable}`,
  };
  await loadinSetup(context, url, ['create', '--environment', 'dev', '--no-test-record'], { file: null, env });
  const refusal = await refused(loadinSetup(context, url, ['deploy', 'storage', '--environment', 'dev', '--yes']));
  const says = refusal.includes('would make what is there already') && refusal.includes('loadin-setup import storage --environment dev');
  expectThat(says, 'deploy does not refuse what create has made', refusal);
  expectThat((await inventory(context, url, 'list')).length === 0, 'a deployment that was refused has made a stack');
  return ['what create has made is refused by deploy, which names import'];
}

/** Of the apps the one whose tests are quickest: `nx deploy` runs them each time. */
const APP = 'kinesis-consumer';

/** `nx deploy` of an app: builds, tests, deploys the stacks of that app; and its code alone. */
export const checkNx = (context) =>
  withMoto(context, 'dev', async ({ url }) => {
    const { root } = context;
    const { bin } = JSON.parse(readFileSync(join(root, 'node_modules/nx/package.json'), 'utf8'));
    const nx = (...args) => {
      const all = ['deploy', APP, '--', '--environment', 'dev', '--file', ENVIRONMENTS_FILE, ...args];
      return printed(`nx ${all.join(' ')}`, process.execPath, [join(root, 'node_modules/nx', bin.nx), ...all], {
        cwd: root,
        all: true,
        env: { ...environmentOf(url), NX_TUI: 'false' },
      });
    };
    const { consumerFunction: name } = namesOf('dev');
    const none = await refused(nx('--code-only'));
    expectThat(none.includes(`there is no function ${name}`), 'code alone is swapped where no function is', none);
    await loadinSetup(context, url, ['deploy', 'setup-scripts', '--environment', 'dev', '--yes']);
    const first = await nx('--yes');
    expectThat(first.includes(`${APP}: deployed to dev.`), 'nx does not deploy the app', first);
    const stacks = (await inventory(context, url, 'list')).map((one) => one.name);
    expectThat(!stacks.includes('loadin-dev-ingestion'), 'nx deploys the stack of another app');
    const again = await nx('--code-only');
    expectThat(again.includes('nothing has changed in dev, so nothing was deployed'), 'the same code is deployed again', again);
    await inventory(context, url, 'spoil', name);
    const swapped = await nx('--code-only');
    expectThat(swapped.includes(`${name}: has the code of apps/${APP}/dist/function.zip now, as version`), 'code is not swapped', swapped);
    const { version, versions } = await inventory(context, url, 'function', name);
    expectThat(version === versions.at(-1), `live is ${version} of ${versions.join(', ')}`);
    return [`deployed; the same code again: nothing; other code: version ${version}`];
  });

function namesOf(environment) {
  const settings = parseEnvironments(readFileSync(ENVIRONMENTS_FILE, 'utf8'), ENVIRONMENTS_FILE).get(environment);
  return resourceNames({ ...settings, environment });
}
