import { KinesisClient } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { awsClientOptions } from '@loadin/aws';
import type { RunReport } from '@loadin/pipeline';
import { join } from 'node:path';
import { runCommand } from './command.js';
import { consumedLine } from './consumed-line.js';
import { consume } from './consumer.js';
import { createdSummary } from './created-summary.js';
import { runningStack } from './daemon.js';
import { childEnvironment, localNames } from './environment.js';
import { readReports } from './lake-reports.js';
import { recordLines } from './record-lines.js';
import { startStack } from './stack.js';
import { launchers } from './workspace.js';
import { readWorld, saveWorld } from './world.js';

const JOB = 'daily';
const say = (line = ''): void => void process.stdout.write(`${line}\n`);

/** The first run on the local stack, start to end. Gives the exit status. */
export async function demo(dir: string): Promise<number> {
  if ((await runningStack(dir)) !== undefined) {
    say('The local stack is running in the background, so there is nothing for npm start to start.');
    say('Use it:  eval "$(npx loadin local up)" && npx loadin-setup create && npx loadin run daily');
    say('End it:  eval "$(npx loadin local down)"');
    return 2;
  }
  await moveWorldOn(dir);
  const started = Date.now();
  const stack = await startStack({ dir, now: started });
  try {
    say(`Local AWS and the simulated sources run on this machine (day ${stack.world.day} of the simulated world; state in ${dir}).`);
    const env = childEnvironment(process.env, stack.environment);
    const options = awsClientOptions({
      region: 'us-east-1',
      endpoint: stack.environment['AWS_ENDPOINT_URL'],
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    const s3 = new S3Client(options.s3);
    const kinesis = new KinesisClient(options.kinesis);
    try {
      return await showDemo({ dir, env, s3, kinesis });
    } finally {
      s3.destroy();
      kinesis.destroy();
    }
  } finally {
    await stack.close();
  }
}

/** A day passes between two demonstrations, once the first is complete. */
async function moveWorldOn(dir: string): Promise<void> {
  const world = await readWorld(dir);
  if (world?.complete === true) await saveWorld(dir, { ...world, day: world.day + 1, complete: false });
}

interface DemoContext {
  readonly dir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly s3: S3Client;
  readonly kinesis: KinesisClient;
}

async function showDemo({ dir, env, s3, kinesis }: DemoContext): Promise<number> {
  say('\n$ loadin-setup create');
  const created = await runCommand(launchers.setup, ['create'], { cwd: dir, env: coloured(env), stdout: 'keep' });
  say(createdSummary(created.stdout));
  if (created.status !== 0) return created.status;
  say(`\n$ loadin run ${JOB}`);
  const ran = await runCommand(launchers.loadin, ['run', JOB], { cwd: dir, env, stdout: 'show' });
  if (ran.status !== 0) return ran.status;
  const consumed = await consume(kinesis, localNames.stream, join(dir, 'consumer.json'));
  const reports = await readReports(s3, localNames.bucketRaw, JOB);
  const report = reports.at(-1);
  say(`\nThe consumer reads the stream:\n  ${consumedLine(consumed, deliveredToStream(report))}`);
  for (const line of await recordLines(s3, report, reports.at(-2))) say(line);
  showNextCommands(report);
  const world = await readWorld(dir);
  if (world !== undefined) await saveWorld(dir, { ...world, complete: true });
  return consumed.failed === 0 ? 0 : 1;
}

const deliveredToStream = (report: RunReport | undefined): number =>
  (report?.streams ?? []).reduce((sum, { ledger }) => sum + (ledger.sinks['kinesis']?.delivered ?? 0), 0);

/** Its output is collected, so the child does not see the terminal that its colours are for. */
const coloured = (env: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  process.stdout.isTTY && process.stdout.hasColors() ? { FORCE_COLOR: '1', ...env } : env;

function showNextCommands(report: RunReport | undefined): void {
  const commands = [
    ['npm start', 'a day later: what has changed'],
    ['eval "$(npx loadin local up)" && npx loadin check', 'the same stack in the background, for commands of your own'],
    [
      `npx loadin run ${JOB} --at ${report?.scheduled_time ?? '2024-11-08T02:00:00Z'}`,
      'on that stack, this run again: it is complete, so nothing happens',
    ],
  ] as const;
  const width = Math.max(...commands.map(([command]) => command.length));
  say('\nNext:');
  for (const [command, what] of commands) say(`  ${command.padEnd(width)}  ${what}`);
}
