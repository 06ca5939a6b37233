// Runs the conformance checks, unchanged, against emulators that others wrote: what passes there and here is AWS's behaviour, not our reading of it.
// From the root: node tools/local-aws/independent/run.mjs
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { startDynamoDbLocal, startMoto } from './emulators.mjs';
import { dummyEnvironment, run } from './processes.mjs';

const here = import.meta.dirname;
const root = resolve(here, '../../..');
const cache = join(root, 'node_modules', '.cache', 'loadin-independent');
const CHECK_MS = 60_000;

Object.assign(process.env, dummyEnvironment);
delete process.env.AWS_ENDPOINT_URL;
// The SDK advises on how it is called (a body of unknown length, many requests at once): no result of a check.
console.warn = () => undefined;

/** One after the other: an emulator that is slow or not thread-safe shall not change a result. */
async function runChecks(checks, clients) {
  const outcomes = [];
  for (const check of checks) {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`not done within ${CHECK_MS / 1000} s`)), CHECK_MS);
    });
    const error = await Promise.race([check.run(clients), late]).then(
      () => undefined,
      (reason) => (reason instanceof Error ? reason : new Error(String(reason))),
    );
    clearTimeout(timer);
    outcomes.push({ id: check.id, error });
  }
  return outcomes;
}

/** A listed check that fails is as expected; one that passes has to leave the list, and one that no longer exists, too. */
function compare(outcomes, expected) {
  const rows = outcomes.map(({ id, error }) => ({ id, error, listed: id in expected, unexpected: (error !== undefined) !== id in expected }));
  const known = new Set(outcomes.map(({ id }) => id));
  return { rows, unknown: Object.keys(expected).filter((id) => !known.has(id)) };
}

function print(name, { rows, unknown }) {
  const services = [...new Set(rows.map(({ id }) => id.split('/')[0]))];
  console.log(`\n${name}`);
  console.log(
    `  ${'service'.padEnd(12)}${'checks'.padStart(8)}${'as AWS'.padStart(8)}${'expected failures'.padStart(20)}${'unexpected'.padStart(12)}`,
  );
  for (const service of services) {
    const own = rows.filter(({ id }) => id.startsWith(`${service}/`));
    const count = (fits) => String(own.filter(fits).length);
    console.log(
      `  ${service.padEnd(12)}${String(own.length).padStart(8)}${count(({ error }) => !error).padStart(8)}` +
        `${count(({ error, listed }) => error && listed).padStart(20)}${count(({ unexpected }) => unexpected).padStart(12)}`,
    );
  }
  for (const { id, error } of rows.filter(({ unexpected }) => unexpected)) {
    console.log(
      `  ${id}: ${error ? error.message.split('\n').slice(0, 6).join(' ') : 'passes, but is listed as an expected failure: remove it from the list'}`,
    );
  }
  for (const id of unknown) console.log(`  ${id}: is listed as an expected failure, but there is no such check`);
}

async function lane(name, start, checks, makeClients) {
  const expected = JSON.parse(await readFile(join(here, `${name}.expected-failures.json`), 'utf8'));
  const server = await start();
  const clients = makeClients(server.url);
  try {
    const result = compare(await runChecks(checks, clients), expected);
    print(name, result);
    return result;
  } finally {
    clients.destroy();
    await server.stop();
  }
}

async function main() {
  await run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-b', join(root, 'tools/local-aws/tsconfig.lib.json')]);
  const { makeClients, ...exported } = await import('../dist/conformance/index.js');
  const all = Object.values(exported).flat();
  const dynamodb = all.filter(({ id }) => id.startsWith('dynamodb/'));
  const results = [
    await lane('moto', () => startMoto(cache, here), all, makeClients),
    await lane('dynamodb-local', () => startDynamoDbLocal(cache, here), dynamodb, makeClients),
  ];
  const rows = results.flatMap((result) => result.rows);
  const failed = rows.filter(({ unexpected }) => unexpected).length + results.flatMap((result) => result.unknown).length;
  console.log(`\nof them ${rows.filter(({ error, listed }) => error && listed).length} expected failures`);
  console.log(`${rows.filter(({ unexpected }) => !unexpected).length} passed, ${failed} failed, 0 skipped`);
  return failed === 0 ? 0 : 1;
}

main().then(
  (status) => process.exit(status),
  (error) => {
    console.error(error.message);
    console.log('0 passed, 1 failed, 0 skipped');
    process.exit(1);
  },
);
