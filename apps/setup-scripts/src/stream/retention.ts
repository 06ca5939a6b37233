import { DecreaseStreamRetentionPeriodCommand, IncreaseStreamRetentionPeriodCommand } from '@aws-sdk/client-kinesis';
import { US_EAST_1 } from '@loadin/costs';
import { stepLine } from '../output.js';
import { consented } from '../prompt.js';
import { activeStream, type StreamContext } from './context.js';
import { standingCost } from './money.js';

const words = (hours: number): string => (hours % 24 === 0 ? `${hours} hours (${hours / 24} ${hours === 24 ? 'day' : 'days'})` : `${hours} hours`);

/** Changes how long records stay readable; `hours` from 24 to 8760. */
export async function changeRetention(context: StreamContext, hours: number): Promise<void> {
  const { name, uri, output, client, call } = context;
  const found = await activeStream(context);
  const { RetentionPeriodHours: current = 24, OpenShardCount: shards, ConsumerCount: consumers } = found;
  if (current === hours) return output.print(stepLine('already there', `${uri}: retention`, words(hours)));
  const mode = found.StreamModeDetails?.StreamMode;
  const line = (when: string, retentionHours: number): string =>
    `  ${when.padEnd(5)} ${words(retentionHours)}: ${standingCost({ shards, retentionHours, consumers, mode })}`;
  const loses = `  records that are older than ${words(hours)} can't be read any more, at once and for good`;
  for (const text of [`Stream ${name}`, line('now', current), line('then', hours), ...(hours < current ? [loses] : [])]) output.print(text);
  if (hours > 168) output.print(`  beyond 7 days each GB costs $${US_EAST_1.kinesis.longTermGbMonth} a month more`);
  if (!(await consented(context))) return;
  const input = { StreamName: name, RetentionPeriodHours: hours };
  if (hours > current) await call('IncreaseStreamRetentionPeriod', () => client.send(new IncreaseStreamRetentionPeriodCommand(input)));
  else await call('DecreaseStreamRetentionPeriod', () => client.send(new DecreaseStreamRetentionPeriodCommand(input)));
  await activeStream(context);
  output.print(stepLine('changed', `${uri}: retention`, words(hours)));
}
