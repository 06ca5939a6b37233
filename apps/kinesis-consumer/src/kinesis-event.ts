import type { KinesisEvent } from './types.js';

/** The function was invoked with something else than a batch of a Kinesis stream. */
export class NotAKinesisEventError extends Error {
  constructor(problem: string) {
    super(`This is not a Kinesis event: ${problem}. Invoke the function by an event source mapping of a Kinesis stream.`);
    this.name = 'NotAKinesisEventError';
  }
}

/** @throws NotAKinesisEventError naming the first field that is missing or of the wrong type */
export function assertKinesisEvent(event: unknown): asserts event is KinesisEvent {
  const records = field(event, 'Records');
  if (!Array.isArray(records)) throw new NotAKinesisEventError('it has no list "Records"');
  records.forEach((record: unknown, index) => {
    const kinesis = field(record, 'kinesis');
    for (const name of ['data', 'sequenceNumber']) {
      if (typeof field(kinesis, name) !== 'string') throw new NotAKinesisEventError(`Records[${index}].kinesis.${name} is missing or no text`);
    }
  });
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
