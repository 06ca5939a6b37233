import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { showDemo } from './demo.js';
import { openLake } from './lake.js';
import { writeEnvironment } from './environment.js';
import { table } from './show.js';
import type { Stage } from './types.js';
import { workspaceRoot } from './workspace.js';

const USAGE = `Usage: npm run demo:bronze [-- [--rows N] [--stay] [--dir FOLDER]]   a shop in Postgres into Parquet: in full, by changes, after a crash
       npm run demo:bronze -- --query SQL                        a question to the files of the last one (views orders, bronze_orders, …)
  --stay: the servers stay until Ctrl-C, for commands of your own in another shell`;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

try {
  process.exitCode = await perform(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

/** Gives the exit status. */
async function perform(args: readonly string[]): Promise<number> {
  const wanted = readArguments(args);
  if (wanted === undefined || wanted.help) {
    (wanted === undefined ? process.stderr : process.stdout).write(`${USAGE}\n`);
    return wanted === undefined ? 2 : 0;
  }
  if (wanted.query !== undefined) return await answer(wanted.query, wanted.dir);
  // Whatever ends this process early ends what it has started: the children see it at their pipes, or at its end.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  const { dir, rows, stay } = wanted;
  const status = await showDemo({ dir, rows, say, ...(stay && { stay: stayUntilTold }) });
  if (status === 0 && !stay) showNextCommands(dir);
  return status;
}

function readArguments(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        rows: { type: 'string', default: '200000' },
        dir: { type: 'string', default: join(workspaceRoot, '.loadin', 'bronze') },
        stay: { type: 'boolean', default: false },
        query: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    const rows = /^\d{3,9}$/.test(values.rows) ? Number(values.rows) : 0;
    return rows < 200 ? undefined : { ...values, rows };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS_') !== true) throw error;
    return undefined;
  }
}

async function answer(sql: string, dir: string): Promise<number> {
  const lake = await openLake(join(dir, 'lake'));
  try {
    for (const line of table(await lake.query(sql))) say(line);
    return 0;
  } finally {
    lake.close();
  }
}

async function stayUntilTold(stage: Stage): Promise<void> {
  const file = await writeEnvironment(stage);
  say(`\nThe servers stay until Ctrl-C. In another shell, in the checkout:\n  . ${file}`);
  for (const [command, what] of [
    ['npx loadin run bronze', 'once more: nothing has changed'],
    ['npx loadin plan bronze', 'what a run would do'],
    ['npx loadin state show', 'how far each entity is'],
    ['npx loadin profile orders', 'what its rows are like'],
    ['npx loadin verify', 'reads again what the last run has delivered'],
  ] as const)
    say(`  ${command.padEnd(28)}${what}`);
  say(`The shop, with all rights: psql "${stage.postgres.url('shop')}"`);
  await new Promise<void>((resolve) => {
    process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM');
    process.once('SIGINT', () => resolve()).once('SIGTERM', () => resolve());
    // Something that keeps the process while it waits.
    const timer = setInterval(() => undefined, 60_000);
    process.once('SIGINT', () => clearInterval(timer)).once('SIGTERM', () => clearInterval(timer));
  });
}

function showNextCommands(dir: string): void {
  const commands = [
    [
      'npm run demo:bronze -- --query "SELECT status, count(*) FROM orders GROUP BY ALL"',
      `asks the files of this one again (a copy lies in ${join(dir, 'lake')})`,
    ],
    ['npm run demo:bronze -- --stay', 'the same, and the servers stay for commands of your own'],
    ['npx loadin discover postgres --write', 'on a database of yours, with DATABASE_URL set; then docs/bronze.md'],
  ] as const;
  say('\nNext:');
  for (const [command, what] of commands) say(`  ${command}\n      ${what}`);
}
