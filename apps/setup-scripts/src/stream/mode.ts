import { UpdateStreamModeCommand } from '@aws-sdk/client-kinesis';
import { awsErrorCode } from '@loadin/aws';
import { US_EAST_1 } from '@loadin/costs';
import { FatalError } from '@loadin/resilience';
import { stepLine } from '../output.js';
import { consented } from '../prompt.js';
import { activeStream, type StreamContext } from './context.js';
import { LIMITS } from './limits.js';
import { standingCost } from './money.js';

const NAMES = { PROVISIONED: 'provisioned', ON_DEMAND: 'on demand' } as const;
type Mode = keyof typeof NAMES;

/** What a record costs besides. */
function recordsOf(mode: Mode): string {
  const { provisioned, onDemand } = US_EAST_1.kinesis;
  if (mode === 'ON_DEMAND') return `records cost $${onDemand.gbIn} a GB written and $${onDemand.gbOut} a GB read`;
  return `records cost $${(provisioned.payloadUnit * 1_000_000).toFixed(3)} a million units of ${provisioned.payloadUnitBytes / 1_024} KB`;
}

/** Switches between provisioned and on demand; the shards stay. */
export async function changeMode(context: StreamContext, mode: Mode): Promise<void> {
  const { name, uri, output, once, call } = context;
  const found = await activeStream(context);
  const current = found.StreamModeDetails?.StreamMode ?? 'PROVISIONED';
  if (current === mode) return output.print(stepLine('already there', `${uri}: ${NAMES[mode]}`));
  const { OpenShardCount: shards, RetentionPeriodHours: retentionHours, ConsumerCount: consumers, StreamARN } = found;
  const line = (when: string, one: Mode): string =>
    `  ${when.padEnd(5)} ${NAMES[one]}: ${standingCost({ shards, retentionHours, consumers, mode: one })}; ${recordsOf(one)}`;
  const then =
    mode === 'PROVISIONED'
      ? `  it keeps its ${shards} shards: scale it afterwards with loadin-setup stream scale`
      : '  AWS scales it by itself: to double the highest rate of the last 30 days';
  for (const text of [
    `Stream ${name}`,
    line('now', current),
    line('then', mode),
    then,
    `  AWS allows ${LIMITS.modeSwitchesPerDay} switches in 24 hours`,
  ])
    output.print(text);
  if (!(await consented(context))) return;
  const command = new UpdateStreamModeCommand({ StreamARN, StreamModeDetails: { StreamMode: mode } });
  await call('UpdateStreamMode', async () => {
    try {
      await once.send(command);
    } catch (cause) {
      if (awsErrorCode(cause) !== 'LimitExceededException') throw cause;
      throw new FatalError(`AWS does not switch ${name}: ${(cause as Error).message}`, {
        where: uri,
        hint: `The mode can be switched ${LIMITS.modeSwitchesPerDay} times in 24 hours: do it again tomorrow.`,
        cause,
      });
    }
  });
  await activeStream(context);
  output.print(stepLine('changed', `${uri}: ${NAMES[mode]}`));
}
