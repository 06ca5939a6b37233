// What others wrote judges what is deployed: cfn-lint and CloudFormation's schemas the templates, and moto's CloudFormation creates them.
// From the root: node tools/templates/independent/run.mjs [part of a check's title]
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ENVIRONMENTS, synthesizeInto } from '../synthesize.mjs';
import { build, python } from './prepare.mjs';

const root = resolve(import.meta.dirname, '../../..');
const cache = join(root, 'node_modules', '.cache', 'loadin-independent');
const folder = mkdtempSync(join(tmpdir(), 'loadin-templates-lane-'));

/** Each prints one line, and what it found. They import what the workspace builds, so it has to be built by then. */
async function checks() {
  const { BEYOND_MOTO } = await import('./beyond-moto.mjs');
  const { checkAtWork, checkBeyond, checkDeployment, checkPassedOver } = await import('./deployment.mjs');
  const { checkCommands, checkNx } = await import('./commands.mjs');
  const { checkLoss, checkUpgrade } = await import('./upgrade.mjs');
  const { lintTemplates, checkStatefulKinds } = await import('./lint-templates.mjs');
  return [
    ['cfn-lint finds nothing in the templates of dev and prod', lintTemplates],
    ['what makes CloudFormation replace a resource that has data is as its schemas say', checkStatefulKinds],
    ['dev is deployed, and the deployed functions run on what was created', checkAtWork('dev')],
    ['prod is deployed, and its stacks are protected', checkDeployment('prod')],
    ['what moto passes over is what is listed', checkPassedOver],
    ['the commands of stacks do what they say, one after the other', checkCommands],
    ['nx deploys one app, and its code alone', checkNx],
    ['dev: the version before is upgraded, and its data is where it was', checkUpgrade('dev')],
    ['prod: the version before is upgraded, and its data is where it was', checkUpgrade('prod')],
    ['an upgrade that loses a bucket is seen', checkLoss('dev')],
    ...BEYOND_MOTO.map((one) => [`as it is, moto can't make ${one.stack} of ${one.environment}: ${one.reason}`, checkBeyond(one)]),
  ];
}

async function main() {
  await build(root);
  const all = await checks();
  const context = { root, cache, folder, templates: {}, folders: {}, python: await python(cache, root) };
  for (const environment of ENVIRONMENTS) {
    context.folders[environment] = join(folder, environment);
    mkdirSync(context.folders[environment]);
    context.templates[environment] = await synthesizeInto(environment, context.folders[environment]);
  }
  let failed = 0;
  // For who works on one of them: a part of its title.
  const [part = ''] = process.argv.slice(2);
  const chosen = all.filter(([title]) => title.includes(part));
  console.log('\ntemplates');
  for (const [title, check] of chosen) {
    const began = Date.now();
    const { notes = [], problem } = await check(context).then(
      (notes) => ({ notes }),
      (problem) => ({ problem }),
    );
    const seconds = `${Math.round((Date.now() - began) / 1000)} s`;
    if (problem === undefined) console.log(`  as expected: ${title} (${seconds})${notes.map((note) => `\n    ${note}`).join('')}`);
    else {
      failed += 1;
      const lines = String(problem.message ?? problem).split('\n');
      console.log(`  not as expected: ${title} (${seconds})\n    ${lines.slice(0, 40).join('\n    ')}`);
    }
  }
  console.log(`${chosen.length - failed} passed, ${failed} failed, 0 skipped`);
  return failed === 0 ? 0 : 1;
}

main()
  .catch((error) => {
    console.error(error.message);
    console.log('0 passed, 1 failed, 0 skipped');
    return 1;
  })
  .then((status) => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(status);
  });
