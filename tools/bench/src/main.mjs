// npm run bench -- NAME: Node 24 runs the TypeScript sources of the measurements as they are.
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const workspace = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

/** Each gives the exit status. */
const measurements = {
  'cold-import': { what: 'how long the bundles of the Lambda functions take to import', run: coldImport },
};

const [name, ...args] = process.argv.slice(2);
const measurement = Object.hasOwn(measurements, name ?? '') ? measurements[name] : undefined;
if (measurement === undefined) {
  const list = Object.entries(measurements).map(([each, { what }]) => `  ${each.padEnd(14)} ${what}`);
  console.error(['Usage: npm run bench -- NAME', ...list].join('\n'));
  process.exitCode = 2;
} else process.exitCode = await measurement.run(args);

async function coldImport() {
  const { measureColdImport } = await import('./cold-import.ts');
  const { coldImportTable, isWithinBudget, lambdaBundles } = await import('./cold-import-report.ts');
  const bundles = lambdaBundles(workspace);
  const unbuilt = bundles.filter(({ bytes }) => bytes === undefined).map(({ app }) => app);
  if (unbuilt.length > 0) {
    console.error(`Not built yet: npx nx run-many -t build -p ${unbuilt.join(',')}`);
    return 2;
  }
  const measured = bundles.map((bundle) => ({ ...bundle, ...measureColdImport(bundle.file) }));
  console.log(`Cold import, median of 10 processes, Node ${process.versions.node}\n\n${coldImportTable(measured)}`);
  if (measured.every(isWithinBudget)) return 0;
  console.log('\nOver budget. A busy machine is slower: measure again on an idle one before you look for the reason.');
  return 1;
}
