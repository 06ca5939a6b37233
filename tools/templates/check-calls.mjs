// node tools/templates/check-calls.mjs <record> [--keep]: whether the built apps, in a whole run of their specifications, needed to be allowed what calls.json says. With --keep,
// calls.json says what they called; the specification of policies then judges whether they may.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareCalls, keptCalls } from './dist/calls/compare.js';
import { summaryOf } from './dist/calls/summary.js';

const [record, keep] = process.argv.slice(2);
if (record === undefined) {
  console.error('Usage: node tools/templates/check-calls.mjs <record of LOADIN_RECORD_CALLS> [--keep]');
  process.exit(2);
}
const file = join(import.meta.dirname, 'calls.json');
const lines = readFileSync(record, 'utf8').split('\n');
const made = summaryOf(lines.filter((line) => line !== '').map((line) => JSON.parse(line)));
const kept = JSON.parse(readFileSync(file, 'utf8'));
if (keep === '--keep') {
  const calls = keptCalls(kept, made);
  // A call on a line, as the formatter has it.
  const text = (call) =>
    `  { ${Object.entries(call)
      .map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`)
      .join(', ')} }`;
  writeFileSync(file, `[\n${calls.map(text).join(',\n')}\n]\n`);
  console.log(`${file}: ${calls.length} kinds of calls`);
} else {
  const { fresh, gone } = compareCalls(kept, made);
  for (const call of fresh) console.error(`The apps call what no policy was held against: ${JSON.stringify(call)}`);
  for (const one of gone) console.error(`The apps no longer need: ${one}`);
  if (fresh.length + gone.length > 0) {
    console.error(
      `If that is meant: node tools/templates/check-calls.mjs ${record} --keep, and see whether the policies still fit (npm run test:apps -- policies). What comes only sometimes gets "sometimes": true there.`,
    );
    process.exitCode = 1;
  } else console.log(`${made.length} kinds of calls: what they need is what the policies were held against.`);
}
