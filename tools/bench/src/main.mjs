// npm run bench -- NAME: builds what is measured, measures it, and ends with status 1 when it is over its budget.
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { node, root, run } from '../../dev/workspace.mjs';

const dist = resolve(dirname(fileURLToPath(import.meta.url)), '../dist');
const built = (file) => import(pathToFileURL(join(dist, file)).href);

/** Each gives the exit status. */
const measurements = {
  'cold-import': { what: 'how long the bundles of the Lambda functions take to import', run: coldImport },
  pull: { what: 'how much longer than necessary a full pull takes at a rate limit', run: figures('pull/pull.js', 'measurePull') },
  pages: { what: 'pages a second of our client, held against axios alone', run: figures('pages/pages.js', 'measurePages') },
  transform: { what: 'parse, transform and validate events, held against JSON.parse', run: figures('transform/transform.js', 'measureTransform') },
  memory: { what: 'whether memory stays flat over ten thousand pages', run: figures('memory/memory.js', 'measureMemory') },
  'run-memory': {
    what: 'whether memory stays flat during a whole run of 400,000 records (--full: of five million)',
    run: figures('runs/run-memory.js', 'measureRunMemory'),
  },
  'slow-stream': {
    what: 'what ten streams notice of an eleventh that is 50 times slower',
    run: figures('runs/slow-stream.js', 'measureSlowStream'),
  },
  overhead: { what: "what plan, landing, checkpoints and leases add to a run's time", run: figures('runs/overhead.js', 'measureOverhead') },
  coverage: { what: 'calls that finding all events takes, held against the least possible', run: figures('find-all/coverage.js', 'measureCoverage') },
  s3: { what: 'objects a second of the S3 sink, held against a bare loop of PutObject', run: figures('s3/s3.js', 'measureS3') },
  kinesis: {
    what: 'the Kinesis sink, held against a bare loop and against what throttled shards take',
    run: figures('kinesis/kinesis.js', 'measureKinesis'),
  },
  bronze: {
    what: "a table of Postgres to Parquet by date, held against DuckDB's extension (--full: a million rows, and five)",
    run: figures('bronze/bronze.js', 'measureBronze'),
  },
  'bronze-write': {
    what: 'rows a second and memory of the bronze writer at 30, 300 and 3,650 dates (--full: of a million rows)',
    run: figures('bronze/bronze-write.js', 'measureBronzeWrite'),
  },
  'bronze-load': {
    what: 'whether runs of a bronze job stay within their memory, compared with what was delivered before (--full: of five million rows)',
    run: figures('bronze-load/bronze-load.js', 'measureBronzeLoad'),
  },
  quota: { what: 'whether four processes keep to one budget of calls (--full: a whole day of it)', run: figures('quota/quota.js', 'measureQuota') },
};

const [name, ...args] = process.argv.slice(2);
const measurement = Object.hasOwn(measurements, name ?? '') ? measurements[name] : undefined;
if (measurement === undefined) {
  const list = Object.entries(measurements).map(([each, { what }]) => `  ${each.padEnd(14)} ${what}`);
  console.error(['Usage: npm run bench -- NAME', ...list].join('\n'));
  process.exitCode = 2;
} else {
  await run(node, [join(root, 'node_modules/typescript/bin/tsc'), '--build', join(root, 'tools/bench/tsconfig.lib.json')], { quiet: true });
  process.exitCode = await measurement.run(args);
}

/** A measurement that reports figures, each with or without a budget. */
function figures(file, measure) {
  return async (args) => {
    const { [measure]: take } = await built(file);
    const { figureTable, isWithin } = await built('report.js');
    const { title, figures: taken } = await take(args);
    console.log(`${title}, Node ${process.versions.node}\n\n${figureTable(taken)}`);
    return verdict(taken.every(isWithin));
  };
}

async function coldImport() {
  const { measureColdImport } = await built('cold-import.js');
  const { coldImportTable, isWithinBudget, lambdaBundles } = await built('cold-import-report.js');
  const bundles = lambdaBundles(root);
  const unbuilt = bundles.filter(({ bytes }) => bytes === undefined).map(({ app }) => app);
  if (unbuilt.length > 0) {
    console.error(`Not built yet: npx nx run-many -t build -p ${unbuilt.join(',')}`);
    return 2;
  }
  const measured = bundles.map((bundle) => ({ ...bundle, ...measureColdImport(bundle.file) }));
  console.log(`Cold import, median of 10 processes, Node ${process.versions.node}\n\n${coldImportTable(measured)}`);
  return verdict(measured.every(isWithinBudget));
}

function verdict(isWithinBudgets) {
  if (isWithinBudgets) return 0;
  console.log('\nOver budget. A busy machine is slower: measure again on an idle one before you look for the reason.');
  return 1;
}
