import type { WatchedCall } from '@loadin/local-aws';
import type { JsonObject } from '@loadin/pipeline';
import { CHECKPOINT_OBJECT, isChange, itemWrites, stepOf } from './steps.js';

const call = (of: Partial<WatchedCall>): WatchedCall => ({
  ...{ number: 1, service: 's3', operation: 'PutObject', caller: 'a1', gone: new AbortController().signal },
  ...of,
});
const dynamo = (key: string, value: JsonObject): WatchedCall =>
  call({ service: 'dynamodb', operation: 'PutItem', input: { Item: { pk: { S: key }, value: { S: JSON.stringify(value) }, revision: { N: '1' } } } });
const s3 = (key: string, value: JsonObject): WatchedCall =>
  call({ key: `_loadin/state/${key}.json`, body: Buffer.from(JSON.stringify({ write_id: 'w', value })) });

const lease = (owner: string | null, counter: number, generation: number): JsonObject => ({ owner, counter, generation, expires_at: 'soon' });

describe('the named steps of a run', () => {
  it.each([
    ['plan stored', '_loadin/plans/daily/1.json'],
    ['slices listed', '_loadin/waves/daily/1/0.json'],
    ['page landed', 'landing/tm/events/pages-000000.ndjson.gz'],
    ['raw object put', 'raw/tm/events/year=2026/a.json'],
    ['dead letters put', 'dead-letters/tm/events/a.ndjson'],
    ['report stored', '_loadin/reports/daily/1.json'],
    ['run log stored', 'logs/pipeline/ingestion/date=2026-03-01/1.ndjson'],
    ['checkpoint moved', CHECKPOINT_OBJECT],
    ['load committed', '_loadin/commits/bronze/1/postgres.orders.json'],
    ['load noted as done', '_loadin/commits/bronze/1/postgres.orders.done.json'],
    ['schema stored', '_loadin/schemas/orders.json'],
    [undefined, 'something/else'],
  ])('are told by the objects that are written: %s', (step, key) => {
    expect(stepOf(call({ key }), [], () => undefined)).toBe(step);
  });

  it.each([['dynamodb' as const], ['s3' as const]])('are told by the items of the state store, whichever it is: %s', (store) => {
    const items = new Map<string, JsonObject>();
    const step = (key: string, value: JsonObject): string | undefined => {
      const put = store === 's3' ? s3(key, value) : dynamo(key, value);
      const writes = itemWrites(put, (each) => items.get(each));
      const found = stepOf(put, writes, (each) => items.get(each));
      expect(writes).toEqual([{ key, value }]);
      items.set(key, value);
      return found;
    };
    const seen = [
      step('claim/tm/events/2026-03-01T02:00:00Z', { run_id: 'r' }),
      step('run/r', { status: 'running' }),
      step('progress/r/tm.events/0', { lease: lease('a', 1, 1) }),
      step('progress/r/tm.events/0', { lease: lease('a', 2, 1) }),
      step('progress/r/tm.events/0', { lease: lease('a', 3, 1), sinks: {} }),
      step('progress/r/tm.events/0', { lease: lease('b', 4, 2), sinks: {} }),
      step('progress/r/tm.events/0', { lease: lease(null, 5, 2), sinks: {}, finished: {} }),
      step('lease/job/daily', { lease: lease('a', 1, 1) }),
      step('lease/job/daily', { lease: lease(null, 2, 1) }),
      step('claimed/r/tm.events/0', { slices: {} }),
      step('quota/tm/1s', {}),
    ];
    const held = ['lease taken', 'lease renewed', 'progress saved', 'lease taken', 'progress saved', 'lease taken', 'lease given back'];
    expect(seen).toEqual(['second claimed', 'run noted', ...held, 'ids claimed', 'quota noted']);
  });

  it('tell which checkpoints of the one object are written', () => {
    const was: JsonObject = { last_sync_timestamp: '2026-02-28T02:00:00Z' };
    const is: JsonObject = { last_sync_timestamp: '2026-03-01T02:00:00Z' };
    const body = Buffer.from(JSON.stringify({ 'daily/tm.events': { ...is, _write_id: 'w' }, 'daily/tm.venues': { ...was, _write_id: 'v' } }));
    expect(itemWrites(call({ key: CHECKPOINT_OBJECT, body }), () => was)).toEqual([{ key: 'checkpoint/daily/tm.events', value: is }]);
    expect(itemWrites(call({ key: CHECKPOINT_OBJECT, body: body.subarray(9) }), () => was)).toEqual([]);
  });

  it('are sent records, and no mere reading', () => {
    expect(stepOf(call({ service: 'kinesis', operation: 'PutRecords' }), [], () => undefined)).toBe('records put');
    expect(
      ['PutObject', 'PutRecords', 'PutItem', 'DeleteObject', 'CompleteMultipartUpload', 'GetItem', 'ListShards'].map((operation) =>
        isChange({ operation }),
      ),
    ).toEqual([true, true, true, true, true, false, false]);
  });
});
