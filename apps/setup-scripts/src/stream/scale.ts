import { UpdateShardCountCommand } from '@aws-sdk/client-kinesis';
import { awsErrorCode } from '@loadin/aws';
import { FatalError } from '@loadin/resilience';
import { stepLine } from '../output.js';
import { consented } from '../prompt.js';
import { activeStream, type StreamContext } from './context.js';
import { LIMITS } from './limits.js';
import { standingCost } from './money.js';
import { scaleSteps } from './scale-steps.js';

const words = (count: number): string => `${count} ${count === 1 ? 'shard' : 'shards'}`;
const capacity = (shards: number): string =>
  `writes ${shards} MB/s and ${(shards * 1_000).toLocaleString('en-US')} records/s, reads ${2 * shards} MB/s`;

/** Scales in as many steps as AWS's limits ask for and waits for each. */
export async function scale(context: StreamContext, target: number): Promise<void> {
  const { name, uri, output } = context;
  const found = await activeStream(context);
  if (found.StreamModeDetails?.StreamMode === 'ON_DEMAND')
    throw new FatalError(`${name} is on demand: AWS itself scales it`, {
      where: uri,
      hint: 'Make it provisioned first: loadin-setup stream mode provisioned.',
    });
  const { OpenShardCount: current, RetentionPeriodHours: retentionHours = 24 } = found;
  const steps = scaleSteps(current, target);
  if (steps.length === 0) return output.print(stepLine('already there', `${uri}: ${words(current)}`));
  const line = (when: string, shards: number): string =>
    `  ${when.padEnd(5)} ${words(shards)}: ${capacity(shards)}, ${standingCost({ shards, retentionHours, consumers: found.ConsumerCount })}`;
  for (const text of [
    `Stream ${name}`,
    line('now', current),
    line('then', target),
    `  in ${steps.length} of the ${LIMITS.scalingsPerDay} steps that AWS allows in 24 hours: ${[current, ...steps].join(' → ')}`,
  ])
    output.print(text);
  requireFewSteps(context, steps);
  if (!(await consented(context))) return;
  for (const [i, shards] of steps.entries()) {
    await scaleOnce(context, shards, steps[i - 1] ?? current);
    await activeStream(context);
    output.print(stepLine('changed', `${uri}: ${words(shards)}`));
  }
  output.print('Records of before stay in the closed shards until their retention is over; set AWS_KINESIS_SHARD_COUNT to what is there now.');
}

function requireFewSteps({ uri }: StreamContext, steps: readonly number[]): void {
  if (steps.length <= LIMITS.scalingsPerDay) return;
  throw new FatalError(`That takes ${steps.length} steps, and AWS allows ${LIMITS.scalingsPerDay} in 24 hours`, {
    where: uri,
    hint: `Scale to ${steps[LIMITS.scalingsPerDay - 1]} today and further tomorrow, or switch to on-demand: loadin-setup stream mode on-demand.`,
  });
}

async function scaleOnce({ name, uri, once, call }: StreamContext, shards: number, before: number): Promise<void> {
  const command = new UpdateShardCountCommand({ StreamName: name, TargetShardCount: shards, ScalingType: 'UNIFORM_SCALING' });
  await call('UpdateShardCount', async () => {
    try {
      await once.send(command);
    } catch (cause) {
      if (awsErrorCode(cause) !== 'LimitExceededException') throw cause;
      throw new FatalError(`AWS does not scale ${name} from ${before} to ${words(shards)}: ${(cause as Error).message}`, {
        where: uri,
        hint: `A stream is scaled ${LIMITS.scalingsPerDay} times in 24 hours, within the account's quota of shards. It has ${words(before)} now; the same command goes on from there.`,
        cause,
      });
    }
  });
}
