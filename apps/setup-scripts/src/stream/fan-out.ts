import { DeregisterStreamConsumerCommand, RegisterStreamConsumerCommand, type Consumer } from '@aws-sdk/client-kinesis';
import { FatalError } from '@loadin/resilience';
import { stepLine } from '../output.js';
import { consented } from '../prompt.js';
import { waitUntil } from '../wait-until.js';
import { consumersOf } from './consumers.js';
import { activeStream, foundStream, type StreamContext } from './context.js';
import { LIMITS } from './limits.js';
import { standingCost } from './money.js';

export async function listConsumers(context: StreamContext): Promise<void> {
  const { StreamARN } = await foundStream(context);
  const all = await consumersOf(context, StreamARN);
  context.output.print(`Stream ${context.name}: ${all.length} of ${LIMITS.consumers} consumers with a throughput of their own`);
  for (const { ConsumerName, ConsumerStatus, ConsumerARN } of all) context.output.print(`  ${ConsumerName}  ${ConsumerStatus}  ${ConsumerARN}`);
}

/** Registers a consumer and waits until it can read. */
export async function addConsumer(context: StreamContext, name: string): Promise<void> {
  const { uri, output, client, call } = context;
  const found = await activeStream(context);
  const all = await consumersOf(context, found.StreamARN);
  if (all.some(({ ConsumerName }) => ConsumerName === name)) return output.print(stepLine('already there', `${uri}: consumer ${name}`));
  if (all.length >= LIMITS.consumers)
    throw new FatalError(`${context.name} has ${all.length} consumers, as many as AWS allows`, {
      where: uri,
      hint: 'Remove one: loadin-setup stream fan-out --remove NAME.',
    });
  showChange(context, found, all.length, all.length + 1);
  if (!(await consented(context))) return;
  const { Consumer } = await call('RegisterStreamConsumer', () =>
    client.send(new RegisterStreamConsumerCommand({ StreamARN: found.StreamARN, ConsumerName: name })),
  );
  await until(context, found.StreamARN, `The consumer ${name} was not ACTIVE`, (now) => statusOf(now, name) === 'ACTIVE');
  output.print(stepLine('created', `${uri}: consumer ${name}`, Consumer?.ConsumerARN));
}

export async function removeConsumer(context: StreamContext, name: string): Promise<void> {
  const { uri, output, client, call } = context;
  const found = await activeStream(context);
  const all = await consumersOf(context, found.StreamARN);
  if (!all.some(({ ConsumerName }) => ConsumerName === name)) {
    const names = all.map(({ ConsumerName }) => ConsumerName).join(', ');
    throw new FatalError(`${context.name} has no consumer ${name}`, { where: uri, hint: names === '' ? 'It has none.' : `It has: ${names}.` });
  }
  showChange(context, found, all.length, all.length - 1);
  output.print(`  what reads as ${name} reads nothing more`);
  if (!(await consented(context))) return;
  await call('DeregisterStreamConsumer', () => client.send(new DeregisterStreamConsumerCommand({ StreamARN: found.StreamARN, ConsumerName: name })));
  await until(context, found.StreamARN, `The consumer ${name} was not gone`, (now) => statusOf(now, name) === undefined);
  output.print(stepLine('changed', `${uri}: consumer ${name} removed`));
}

const statusOf = (all: readonly Consumer[], name: string): string | undefined =>
  all.find(({ ConsumerName }) => ConsumerName === name)?.ConsumerStatus;

function showChange({ name, output }: StreamContext, found: Awaited<ReturnType<typeof foundStream>>, now: number, then: number): void {
  const { OpenShardCount: shards, RetentionPeriodHours: retentionHours } = found;
  const mode = found.StreamModeDetails?.StreamMode;
  output.print(`Stream ${name}`);
  for (const [when, consumers] of [
    ['now', now],
    ['then', then],
  ] as const)
    output.print(`  ${when.padEnd(5)} ${consumers} of ${LIMITS.consumers} consumers: ${standingCost({ shards, retentionHours, consumers, mode })}`);
}

function until(context: StreamContext, arn: string, what: string, done: (all: readonly Consumer[]) => boolean): Promise<void> {
  return waitUntil(what, context.uri, context.clock, async () => done(await consumersOf(context, arn)), {
    hint: 'Look again with loadin-setup stream fan-out.',
  });
}
