import type { Stream } from '@loadin/pipeline';
import { unsurveyed } from '../entities/unsurveyed.js';
import { folderOf, type EntityStream } from '../stream-facts.js';

/** Stands for a key that API Gateway would take: nothing is sent. */
const NO_KEY = 'x'.repeat(20);

/** An entity's stream for planning alone, without a setting: its source is never asked. */
export async function entityStream({ id, options }: EntityStream): Promise<Stream> {
  if (id === 'payments.payments' || id === 'shipments.shipments') return apiStream(id);
  const { openTable } = await import('../entities/table.js');
  const connection = { host: 'none', port: 1, database: 'none', user: 'none', password: 'none' };
  const { stream } = await openTable(folderOf(id), options, { connection }, { sinkOptions: {} });
  return unsurveyed(stream);
}

async function apiStream(id: 'payments.payments' | 'shipments.shipments'): Promise<Stream> {
  const connection = { baseUrl: 'http://none.invalid', apiKey: NO_KEY };
  if (id === 'payments.payments') {
    const source = (await import('@loadin/api-clients/payments')).paymentsSource();
    return source.stream('payments', { client: source.connect(connection) });
  }
  const source = (await import('@loadin/api-clients/shipments')).shipmentsSource();
  return source.stream('shipments', { client: source.connect(connection) });
}
