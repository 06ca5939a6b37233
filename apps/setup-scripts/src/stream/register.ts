import { InvalidArgumentError, Option, type Command } from 'commander';
import { atLeast, between, mode, size, type StreamMode } from '../cost/options.js';
import { stepLine } from '../output.js';
import type { Shell } from '../program.js';
import { sendTestRecord } from '../test-record.js';
import { foundStream, withStream, type StreamCommandOptions, type StreamContext } from './context.js';
import { describe } from './describe.js';
import { addConsumer, listConsumers, removeConsumer } from './fan-out.js';
import { LIMITS } from './limits.js';
import { changeMode } from './mode.js';
import { read, type ReadOptions } from './read.js';
import { changeRetention } from './retention.js';
import { scale } from './scale.js';
import { showSize, type SizeOptions } from './size.js';

/** `loadin-setup stream …` */
export function registerStream(program: Command, shell: Shell): void {
  const stream = program.command('stream').description('looks at the stream, and changes it step by step within what AWS allows');
  registerLooking(stream, shell);
  registerChanging(stream, shell);
}

const withName = (command: Command): Command => command.option('--stream <name>', 'default: AWS_KINESIS_STREAM_NAME');
const withConsent = (command: Command): Command => withName(command).option('--yes', 'do it without asking');

/** Runs with the open stream. */
const on =
  <Options extends StreamCommandOptions>(shell: Shell, use: (context: StreamContext, options: Options) => Promise<void>) =>
  (options: Options): Promise<void> =>
    withStream(shell, options, (context) => use(context, options));

function registerLooking(stream: Command, shell: Shell): void {
  withName(stream.command('describe').description('its settings, shards, consumers and standing cost'))
    .option('--json', 'print it as JSON')
    .action(on<StreamCommandOptions & { readonly json?: boolean }>(shell, describe));
  withName(stream.command('send-test').description('put a test record on it, which consumers tell from data')).action(
    on(shell, async (context) => {
      await foundStream(context);
      const { client, name, uri, clock, output } = context;
      output.print(stepLine('sent', `${uri}: test record`, await sendTestRecord(client, name, clock.now())));
    }),
  );
  withName(stream.command('read').description('print its records with shard, sequence number and partition key'))
    .option('--from <where>', 'trim-horizon (the oldest), latest, or a time such as 2026-03-01T02:00:00Z', from, 'trim-horizon')
    .option('--limit <n>', 'so many records at most', atLeast(1, true))
    .option('--shard <id>', 'this shard alone')
    .option('--key <key>', 'records with this partition key alone')
    .option('--follow', 'wait for more until Ctrl-C')
    .option('--json', 'one JSON object a line')
    .action(on<StreamCommandOptions & ReadOptions>(shell, read));
  stream
    .command('size')
    .description('how many shards so many records take, and what they cost; calls nothing')
    .requiredOption('--records-per-second <n>', 'at the busiest', atLeast(0))
    .requiredOption('--record-size <size>', 'of one record with its key: 900, 1.5KB', size)
    .option('--records-per-day <n>', 'default: as many as if every second were the busiest', atLeast(0))
    .option('--readers <n>', 'consumers that share the stream (default 1)', atLeast(0, true))
    .option('--retention <hours>', 'default 24', between(LIMITS.leastRetentionHours, LIMITS.mostRetentionHours))
    .option('--fan-out <n>', 'registered consumers (default 0)', atLeast(0, true))
    .option('--json', 'print it as JSON')
    .action((options: SizeOptions) => showSize(options, shell.output));
}

function registerChanging(stream: Command, shell: Shell): void {
  withConsent(stream.command('scale').description('change the number of shards, doubling or halving as often as it takes'))
    .requiredOption('--shards <n>', 'so many', between(1, 10_000))
    .action(on<StreamCommandOptions & { readonly shards: number }>(shell, (context, { shards }) => scale(context, shards)));
  withConsent(stream.command('retention').description('change how long records can be read'))
    .requiredOption('--hours <n>', '24 to 8760', between(LIMITS.leastRetentionHours, LIMITS.mostRetentionHours))
    .action(on<StreamCommandOptions & { readonly hours: number }>(shell, (context, { hours }) => changeRetention(context, hours)));
  withConsent(
    stream.command('mode').description('switch between provisioned and on-demand').argument('<mode>', 'provisioned or on-demand', mode),
  ).action((wanted: StreamMode, options: StreamCommandOptions) =>
    withStream(shell, options, (context) => changeMode(context, wanted === 'on_demand' ? 'ON_DEMAND' : 'PROVISIONED')),
  );
  withConsent(stream.command('fan-out').description('list, add or remove consumers with a throughput of their own'))
    .addOption(new Option('--add <name>', 'register it').argParser(consumerName).conflicts('remove'))
    .addOption(new Option('--remove <name>', 'deregister it').argParser(consumerName))
    .action(on<FanOutOptions>(shell, fanOut));
}

interface FanOutOptions extends StreamCommandOptions {
  readonly add?: string;
  readonly remove?: string;
}

async function fanOut(context: StreamContext, { add, remove }: FanOutOptions): Promise<void> {
  if (add !== undefined) await addConsumer(context, add);
  else if (remove !== undefined) await removeConsumer(context, remove);
  else await listConsumers(context);
}

/** RegisterStreamConsumer: `[a-zA-Z0-9_.-]+`, up to 128. */
function consumerName(value: string): string {
  if (!/^[a-zA-Z0-9_.-]{1,128}$/.test(value)) throw new InvalidArgumentError('Give up to 128 letters, digits, _ . and -.');
  return value;
}

function from(value: string): ReadOptions['from'] {
  if (value === 'trim-horizon' || value === 'latest') return value;
  const time = /^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(value) ? Date.parse(value) : NaN;
  if (Number.isNaN(time)) throw new InvalidArgumentError('Give trim-horizon, latest or a time with its zone: 2026-03-01T02:00:00Z.');
  return time;
}
