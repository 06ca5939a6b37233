import { KinesisClient } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { awsClientOptions } from '@loadin/aws';
import type { JsonObject, RunReport, StreamReport } from '@loadin/pipeline';
import { join } from 'node:path';
import { runCommand } from './command.js';
import { consume } from './consumer.js';
import { runningStack } from './daemon.js';
import { childEnvironment, localNames } from './environment.js';
import { compareRecords, readRawRecords } from './lake-changes.js';
import { rawStem, readReports } from './lake-reports.js';
import { startStack } from './stack.js';
import { launchers } from './workspace.js';
import { readWorld, saveWorld } from './world.js';

const ID_FIELDS: Readonly<Record<string, string>> = { artists: 'artist_id', venues: 'venue_id', events: 'concert_id' };
const JOB = 'daily';
const say = (line = ''): void => void process.stdout.write(`${line}\n`);

/** The first run on the local stack, start to end. Gives the exit status. */
export async function demo(dir: string): Promise<number> {
  if ((await runningStack(dir)) !== undefined) {
    say(
      'The local stack is running in the background, so there is nothing for npm start to start. Use it with npx loadin run daily, or end it with npx loadin local down.',
    );
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
  const created = await runCommand(launchers.setup, ['create'], { cwd: dir, env, stdout: 'show' });
  if (created.status !== 0) return created.status;
  say(`\n$ loadin run ${JOB}`);
  const ran = await runCommand(launchers.loadin, ['run', JOB], { cwd: dir, env, stdout: 'show' });
  if (ran.status !== 0) return ran.status;
  say('\nThe consumer reads the stream:');
  const consumed = await consume(kinesis, localNames.stream, join(dir, 'consumer.json'));
  const types = Object.entries(consumed.byType).map(([type, records]) => `${records} ${type}`);
  say(`  ${consumed.records} records (${types.join(', ')}), ${consumed.failed} failed`);
  const reports = await readReports(s3, localNames.bucketRaw, JOB);
  await showSamplesAndChanges(s3, reports.at(-1), reports.at(-2));
  showNextCommands(reports.at(-1));
  const world = await readWorld(dir);
  if (world !== undefined) await saveWorld(dir, { ...world, complete: true });
  return consumed.failed === 0 ? 0 : 1;
}

async function showSamplesAndChanges(s3: S3Client, report: RunReport | undefined, earlier: RunReport | undefined): Promise<void> {
  const samples: string[] = [];
  const changes: string[] = [];
  for (const stream of report?.streams ?? []) {
    const after = await recordsOf(s3, stream);
    const [sample] = after.values();
    if (sample !== undefined && stream.data_type !== 'venues') samples.push(JSON.stringify(sample, null, 2).replaceAll(/^/gm, '  '));
    const before = earlier?.streams.find((other) => other.stream === stream.stream);
    if (before === undefined) continue;
    const { added, changed, gone, same } = compareRecords(await recordsOf(s3, before), after);
    changes.push(`  ${stream.stream}: ${added} new, ${changed} changed, ${gone} gone, ${same} as before`);
  }
  say('\nTwo of the records:');
  say(samples.join('\n'));
  if (changes.length > 0) say(`\nSince the last run:\n${changes.join('\n')}`);
}

async function recordsOf(s3: S3Client, stream: StreamReport): Promise<Map<string, JsonObject>> {
  const uri = stream.objects[0]?.uri;
  return uri === undefined ? new Map() : readRawRecords(s3, localNames.bucketRaw, rawStem(uri), ID_FIELDS[stream.data_type] ?? 'id');
}

function showNextCommands(report: RunReport | undefined): void {
  say('\nNext:');
  say('  npm start                                          a day later: what has changed');
  say('  eval "$(npx loadin local up)" && npx loadin check  the same stack in the background, for commands of your own');
  say(
    `  npx loadin run ${JOB} --at ${report?.scheduled_time ?? '2024-11-08T02:00:00Z'}        (on that stack) this run again: it is complete, so nothing happens`,
  );
}
