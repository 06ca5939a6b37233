// node tools/templates/check-calls.mjs <record> [--keep]: whether the built apps, in a whole run of their specifications, called what calls.json says. With --keep,
// calls.json says what they called; the specification of policies then judges whether they may.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { summaryOf } from './dist/calls/summary.js';

const [record, keep] = process.argv.slice(2);
if (record === undefined) {
  console.error('Usage: node tools/templates/check-calls.mjs <record of LOADIN_RECORD_CALLS> [--keep]');
  process.exit(2);
}
const file = join(import.meta.dirname, 'calls.json');
const text = (call) => JSON.stringify(call);
const lines = readFileSync(record, 'utf8').split('\n');
const made = summaryOf(lines.filter((line) => line !== '').map((line) => JSON.parse(line)));
if (keep === '--keep') {
  writeFileSync(file, `[\n${made.map(text).join(',\n')}\n]\n`);
  console.log(`${file}: ${made.length} kinds of calls`);
} else {
  const kept = JSON.parse(readFileSync(file, 'utf8'));
  const known = new Set(kept.map(text));
  const fresh = made.filter((call) => !known.has(text(call)));
  // What depends on who comes first (whether something is there yet) is not in every run; that an operation is never called any more is told by all of them.
  const operation = ({ caller, service, operation, target }) => `${caller} ${service} ${operation} ${target}`;
  const seen = new Set(made.map(operation));
  const gone = [...new Set(kept.map(operation))].filter((one) => !seen.has(one));
  for (const call of fresh) console.error(`The apps call what no policy was held against: ${text(call)}`);
  for (const one of gone) console.error(`The apps no longer call: ${one}`);
  if (fresh.length + gone.length > 0) {
    console.error(
      `If that is meant: node tools/templates/check-calls.mjs ${record} --keep, and see whether the policies still fit (npm run test:apps -- policies).`,
    );
    process.exitCode = 1;
  }
}
