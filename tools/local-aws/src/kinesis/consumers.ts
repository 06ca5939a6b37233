import { AwsError, type CallContext } from '../service.js';
import { findActive, findStream, STREAM_NAME, type Engine, type Operation } from './engine.js';
import { badArgument, integer, tagMap, text } from './input.js';
import type { Answer, ConsumerState, Input, Stream } from './types.js';

const describe = ({ name, arn, created }: ConsumerState): Answer => ({
  ConsumerName: name,
  ConsumerARN: arn,
  ConsumerStatus: 'ACTIVE',
  ConsumerCreationTimestamp: created / 1000,
});

export const registerStreamConsumer: Operation = async (engine, input, context) => {
  text(input, 'StreamARN');
  const name = text(input, 'ConsumerName', { max: 128, pattern: STREAM_NAME });
  const { state } = await findActive(engine, input, context);
  if (state.consumers.some((consumer) => consumer.name === name)) {
    throw new AwsError('ResourceInUseException', `Consumer ${name} under stream ${state.name} in account ${context.accountId} already exists.`);
  }
  if (state.consumers.length >= engine.limits.consumersPerStream) {
    throw new AwsError('LimitExceededException', `A stream can have at most ${engine.limits.consumersPerStream} registered consumers.`);
  }
  const arn = `${state.arn}/consumer/${name}:${Math.floor(context.now / 1000)}`;
  const consumer: ConsumerState = { name, arn, created: context.now, tags: tagMap(input, 'Tags', 50) };
  await engine.store.save({ ...state, consumers: [...state.consumers, consumer] });
  return { Consumer: { ...describe(consumer), ConsumerStatus: 'CREATING' } };
};

/** By `ConsumerARN`, or by `StreamARN` and `ConsumerName`. */
async function findConsumer(engine: Engine, input: Input, context: CallContext): Promise<{ stream: Stream; consumer: ConsumerState }> {
  const arn = text(input, 'ConsumerARN', { optional: true });
  const name = text(input, 'ConsumerName', { optional: true, max: 128 });
  const streamArn = text(input, 'StreamARN', { optional: true }) ?? arn?.split('/consumer/')[0];
  if (arn === undefined && (name === undefined || streamArn === undefined))
    throw badArgument('Either ConsumerARN or StreamARN and ConsumerName must be given.');
  const stream = await findStream(engine, { StreamARN: streamArn }, context);
  const consumer = stream.state.consumers.find((c) => (arn === undefined || c.arn === arn) && (name === undefined || c.name === name));
  if (consumer) return { stream, consumer };
  throw new AwsError('ResourceNotFoundException', `Consumer ${name ?? String(arn)}, account ${context.accountId} not found.`);
}

export const describeStreamConsumer: Operation = async (engine, input, context) => {
  const { stream, consumer } = await findConsumer(engine, input, context);
  return { ConsumerDescription: { ...describe(consumer), StreamARN: stream.state.arn } };
};

export const deregisterStreamConsumer: Operation = async (engine, input, context) => {
  const { stream, consumer } = await findConsumer(engine, input, context);
  await engine.store.save({ ...stream.state, consumers: stream.state.consumers.filter(({ arn }) => arn !== consumer.arn) });
  return {};
};

export const listStreamConsumers: Operation = async (engine, input, context) => {
  text(input, 'StreamARN');
  const { state } = await findStream(engine, input, context);
  const size = integer(input, 'MaxResults', 1, 10_000, 100);
  const after = Buffer.from(text(input, 'NextToken', { optional: true }) ?? '', 'base64').toString();
  const consumers = [...state.consumers].sort((a, b) => (a.name < b.name ? -1 : 1)).filter(({ name }) => name > after);
  const page = consumers.slice(0, size);
  return {
    Consumers: page.map(describe),
    NextToken: consumers.length > size ? Buffer.from(page.at(-1)?.name ?? '').toString('base64') : undefined,
  };
};
