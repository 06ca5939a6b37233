import { ListStreamConsumersCommand, type Consumer } from '@aws-sdk/client-kinesis';
import type { StreamContext } from './context.js';

/** The registered consumers of a stream, all pages. */
export async function consumersOf({ client, call }: StreamContext, StreamARN: string): Promise<Consumer[]> {
  const all: Consumer[] = [];
  for (let NextToken: string | undefined; ;) {
    const page = await call('ListStreamConsumers', () =>
      client.send(new ListStreamConsumersCommand({ StreamARN, ...(NextToken !== undefined && { NextToken }) })),
    );
    all.push(...(page.Consumers ?? []));
    NextToken = page.NextToken;
    if (NextToken === undefined) return all;
  }
}
