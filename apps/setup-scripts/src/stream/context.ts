import type { KinesisClient, StreamDescriptionSummary } from '@aws-sdk/client-kinesis';
import { loadEnvironment, needed, readSettings } from '@loadin/config';
import { FatalError, systemClock, type Clock } from '@loadin/resilience';
import { callsOf, type AwsCall } from '../aws-call.js';
import { createClients } from '../clients.js';
import type { Output } from '../output.js';
import { processPrompt, type Prompt } from '../prompt.js';
import type { Shell } from '../program.js';
import { describeStream } from '../resources/stream.js';
import { waitUntil } from '../wait-until.js';

/** Options of all commands of a stream. */
export interface StreamCommandOptions {
  /** Default: AWS_KINESIS_STREAM_NAME. */
  readonly stream?: string;
  readonly yes?: boolean;
}

/** What a command of a stream works with. */
export interface StreamContext {
  readonly name: string;
  /** `kinesis://concert-data-stream` */
  readonly uri: string;
  readonly client: KinesisClient;
  /** Asks once: the SDK takes a limit that holds for 24 hours for one that is over in a moment. */
  readonly once: KinesisClient;
  readonly call: AwsCall;
  readonly clock: Clock;
  readonly output: Output;
  readonly prompt: Prompt;
  readonly yes?: boolean;
  readonly interruption?: () => AbortSignal;
}

/** Opens what the settings lead to, and closes it when `use` has ended. */
export async function withStream(shell: Shell, options: StreamCommandOptions, use: (context: StreamContext) => Promise<void>): Promise<void> {
  const environment = loadEnvironment({ cwd: shell.cwd, env: shell.env });
  const settings = readSettings(environment, ['stream']);
  for (const warning of settings.warnings) shell.output.complain(`Warning: ${warning}`);
  const name = options.stream ?? settings.stream.name;
  const uri = `kinesis://${name}`;
  const { region } = needed(settings, 'aws');
  const clients = createClients(region, environment);
  const once = createClients(region, environment, { maxAttempts: 1 });
  const { output, clock = systemClock, prompt = processPrompt, interruption } = shell;
  try {
    await use({
      name,
      uri,
      client: clients.kinesis,
      once: once.kinesis,
      call: callsOf('Kinesis', uri),
      clock,
      output,
      prompt,
      yes: options.yes,
      interruption,
    });
  } finally {
    clients.close();
    once.close();
  }
}

export type FoundStream = StreamDescriptionSummary & { readonly StreamARN: string; readonly OpenShardCount: number };

/** Throws `FatalError` when there is no such stream. */
export async function foundStream({ client, name, uri }: StreamContext): Promise<FoundStream> {
  const found = await describeStream({ client, streamName: name });
  if (found?.StreamARN !== undefined && found.OpenShardCount !== undefined)
    return { ...found, StreamARN: found.StreamARN, OpenShardCount: found.OpenShardCount };
  throw new FatalError(`There is no stream ${name}`, { where: uri, hint: 'Run loadin-setup create, or name another with --stream.' });
}

/** A large stream is split shard by shard: AWS says some minutes. */
const CHANGE_MS = 30 * 60_000;

/** Every change takes a stream out of ACTIVE; it goes on taking and giving records meanwhile. */
export async function activeStream(context: StreamContext): Promise<FoundStream> {
  let found = await foundStream(context);
  const hint = `It goes on by itself: look again with loadin-setup stream describe --stream ${context.name}.`;
  await waitUntil(
    `The stream was ${found.StreamStatus}`,
    context.uri,
    context.clock,
    async () => found.StreamStatus === 'ACTIVE' || ((found = await foundStream(context)), found.StreamStatus === 'ACTIVE'),
    {
      limitMs: CHANGE_MS,
      hint,
    },
  );
  return found;
}
