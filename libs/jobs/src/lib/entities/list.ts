import { needed, type ApiSettings, type StreamOptionsOf } from '@loadin/config';
import type { Stream } from '@loadin/pipeline';
import { defined } from '@loadin/resilience';
import type { BronzeList } from '../bronze/types.js';
import { clientOptions, credential } from '../sources.js';
import { expectationsOf } from './expectations.js';
import type { EntityContext, OpenEntity } from './types.js';

type Api = 'payments' | 'shipments';
type ListOptions = Readonly<StreamOptionsOf['payments.payments']>;

/** JSON has no times: these columns are ones in both APIs. What is none of them all the same goes the contract's way. */
const TIMES: NonNullable<BronzeList['columns']> = ['created_at', 'updated_at'].map((name) => ({ name, type: { kind: 'timestamptz' } as const }));

/** What is opened for an API, to be closed at the end. */
export interface OpenList extends OpenEntity {
  readonly close: () => Promise<void>;
}

/** An API of the jobs file. Nothing is asked before it is read. */
export async function openList(api: Api, options: ListOptions, context: EntityContext): Promise<OpenList> {
  const expected = await expectationsOf(api, options.expect);
  const { stream, close } = await openStream(api, options, context);
  const { contract, event_date: eventDate, compression = context.sinkOptions.s3_bronze?.compression } = options;
  return { stream, entity: { kind: 'list', stream, columns: TIMES, contract, ...expected, ...defined({ eventDate, compression }) }, close };
}

async function openStream(
  api: Api,
  { page_size: limit }: ListOptions,
  context: EntityContext,
): Promise<{ stream: Stream; close: () => Promise<void> }> {
  const params = limit === undefined ? {} : { params: { limit } };
  const connection = connectionOf(needed(context.settings, api), context);
  if (api === 'payments') {
    const source = (await import('@loadin/api-clients/payments')).paymentsSource();
    const client = source.connect(connection);
    return { stream: source.stream('payments', { client, ...params }), close: async () => client.close() };
  }
  const source = (await import('@loadin/api-clients/shipments')).shipmentsSource();
  const client = source.connect(connection);
  return { stream: source.stream('shipments', { client, ...params }), close: async () => client.close() };
}

const connectionOf = ({ url: baseUrl, apiKey }: ApiSettings, context: EntityContext) => ({
  baseUrl,
  apiKey: credential(apiKey, context.secrets),
  ...clientOptions(context),
});
