import { createMemoryObjectStore } from '@loadin/testing';
import { gunzipSync, gzipSync } from 'node:zlib';
import { createLanding, landingLine } from './landing.js';

const slice = { ordinal: 3, name: 'US', bounds: { countryCode: 'US', from: '2024-11-07T02:00:00Z' } };
const stream = { id: 'tm.events', source: 'tm', data_type: 'events', ingestion_id: 'i', second: '2024-11-08T02:00:01Z', slices: [slice] };
const plan = { run_id: 'r', job: 'daily', scheduled_time: '2024-11-08T02:00:00Z' };
const page = { records: [{ id: 1 }, null], position: null, request: 'GET /events' };
const KEY = 'landing/tm/events/date=2024-11-08/run=r/slice=00003/pages-000002.ndjson.gz';

describe('a landed page group', () => {
  const lines = (body: Uint8Array | undefined): unknown[] =>
    gunzipSync(body ?? Buffer.of())
      .toString('utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));

  it('says by itself what it is: run, job, time, source, stream, slice with its bounds, group', async () => {
    const lake = createMemoryObjectStore();
    await createLanding({ lake, plan, stream }, slice).put(2, [landingLine(page)]);
    expect([...lake.objects.keys()]).toEqual([KEY]);
    const stored = lake.objects.get(KEY);
    expect(stored?.options).toEqual({ contentType: 'application/x-ndjson', contentEncoding: 'gzip' });
    expect(lines(stored?.body)).toEqual([
      {
        landing: 2,
        run_id: 'r',
        job: 'daily',
        scheduled_time: '2024-11-08T02:00:00Z',
        source: 'tm',
        stream: 'tm.events',
        data_type: 'events',
        slice: 3,
        slice_name: 'US',
        slice_bounds: { countryCode: 'US', from: '2024-11-07T02:00:00Z' },
        group: 2,
        pages: 1,
      },
      { request: 'GET /events', position: null, records: [{ id: 1 }, null] },
    ]);
  });

  const read = async (...content: unknown[]): Promise<unknown> => {
    const lake = createMemoryObjectStore();
    await lake.put(KEY, gzipSync(content.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('')));
    return createLanding({ lake, plan, stream }, slice).get(2);
  };

  it('of the first format is read as well', async () => {
    expect(await read({ landing: 1, run_id: 'r', stream: 'tm.events', slice: 3, slice_name: 'US', group: 2, pages: 1 }, page)).toEqual([page]);
  });

  it.each([
    ['another run', { run_id: 'other' }, 'run_id is other, not '],
    ['another slice', { slice: 4 }, 'slice is 4, not 3'],
    ['another group', { group: 1 }, 'group is 1, not 2'],
    ['another stream', { stream: 'tm.venues' }, 'stream is tm.venues, not '],
  ])('of %s are refused, however they came to lie there', async (_, difference, message) => {
    const header = { landing: 2, run_id: plan.run_id, stream: stream.id, slice: 3, group: 2, pages: 1 };
    expect(await read(header, page)).toEqual([page]);
    await expect(read({ ...header, ...difference }, page)).rejects.toMatchObject({ action: 'fatal', message: expect.stringContaining(message) });
  });

  it('of a format to come is refused, and so is one that is damaged, with its place', async () => {
    const where = `memory://objects/${KEY}`;
    await expect(read({ landing: 3, pages: 1 }, page)).rejects.toMatchObject({
      action: 'fatal',
      where,
      message: expect.stringContaining('format 3'),
    });
    await expect(read({ landing: 2, pages: 2 }, page)).rejects.toMatchObject({ action: 'fatal', where, message: expect.stringContaining('damaged') });
    await expect(read({ landing: 2, pages: 1 }, '{"records":')).rejects.toMatchObject({ action: 'fatal', where });
    const lake = createMemoryObjectStore();
    await lake.put(KEY, Buffer.from('no gzip'));
    await expect(createLanding({ lake, plan, stream }, slice).get(2)).rejects.toMatchObject({ action: 'fatal', where });
  });
});
