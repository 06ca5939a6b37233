// Reads [{ filePath, text }] from stdin, lints each text as if it stood in that file, and prints the messages: [[{ ruleId, message }]].
// A process of its own, because ESLint imports its configuration as an ES module, which Jest's sandbox can't.
import { writeSync } from 'node:fs';
import { text as readAll } from 'node:stream/consumers';
import { createProjectGraphAsync } from '@nx/devkit';
import { ESLint } from 'eslint';

const files = JSON.parse(await readAll(process.stdin));
// The rule reads the graph from Nx's cache and, without one, skips itself with a warning.
await createProjectGraphAsync({ exitOnError: false, resetDaemonClient: true });
const RULES = ['@nx/enforce-module-boundaries', 'no-restricted-imports'];
const eslint = new ESLint({ cwd: process.cwd(), ruleFilter: ({ ruleId }) => RULES.includes(ruleId) });
const results = [];
for (const { filePath, text } of files) {
  const [result] = await eslint.lintText(text, { filePath });
  results.push((result?.messages ?? []).map(({ ruleId, message }) => ({ ruleId, message })));
}
// To a file descriptor, because Nx may print to stdout.
writeSync(3, JSON.stringify(results));
