// What others wrote judges what is deployed: cfn-lint and CloudFormation's schemas the templates, moto's CloudFormation creates them, and actionlint reads the workflows.
// From the root: node tools/templates/independent/run.mjs
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { checkUpgrade, checkDeployment } from './deployment.mjs';
import { lintTemplates, checkStatefulKinds } from './lint-templates.mjs';
import { lintWorkflows } from './lint-workflows.mjs';
import { build, python } from './prepare.mjs';

const root = resolve(import.meta.dirname, '../../..');
const cache = join(root, 'node_modules', '.cache', 'loadin-independent');
const folder = mkdtempSync(join(tmpdir(), 'loadin-templates-lane-'));

/** Each prints one line, and what it found. */
const CHECKS = [
  ['cfn-lint finds nothing in the templates of dev and prod', lintTemplates],
  ['what makes CloudFormation replace a resource that has data is as its schemas say', checkStatefulKinds],
  ['actionlint finds nothing in the workflows', lintWorkflows],
  ['dev is deployed, and the deployed functions run on what was created', checkDeployment('dev')],
  ['prod is deployed', checkDeployment('prod')],
  ['dev: the version before is upgraded, and its data is where it was', checkUpgrade('dev')],
];

async function main() {
  await build(root);
  const context = { root, cache, folder, python: await python(cache, root) };
  let failed = 0;
  console.log('\ntemplates');
  for (const [title, check] of CHECKS) {
    const problem = await check(context).then(
      (notes = []) => void console.log(`  as expected: ${title}${notes.map((note) => `\n    ${note}`).join('')}`),
      (error) => error,
    );
    if (problem === undefined) continue;
    failed += 1;
    console.log(
      `  not as expected: ${title}\n    ${String(problem.message ?? problem)
        .split('\n')
        .slice(0, 40)
        .join('\n    ')}`,
    );
  }
  console.log(`${CHECKS.length - failed} passed, ${failed} failed, 0 skipped`);
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
