import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareCalls, keptCalls, type KeptCall } from './compare.js';
import type { Call } from './types.js';

const s3 = (operation: string, folder: string, more: Partial<KeptCall> = {}): KeptCall => ({
  ...{ caller: 'ingestion', service: 's3', operation, target: 'raw', folder },
  ...more,
});
const KEPT: readonly KeptCall[] = [
  s3('GetObject', 'raw/spotify'),
  s3('GetObject', '_loadin/plans', { missing: true }),
  s3('PutObject', 'raw/spotify'),
  s3('AbortMultipartUpload', 'raw/spotify', { sometimes: true }),
];
const strip = (call: KeptCall): Call => JSON.parse(JSON.stringify({ ...call, sometimes: undefined })) as Call;
const made = (...without: readonly string[]): Call[] => KEPT.filter(({ operation }) => !without.includes(operation)).map(strip);

describe('the calls of a run', () => {
  it('are as they were with and without what comes only sometimes', () => {
    expect(compareCalls(KEPT, made())).toEqual({ fresh: [], gone: [] });
    expect(compareCalls(KEPT, made('AbortMultipartUpload'))).toEqual({ fresh: [], gone: [] });
  });

  it('are as they were with other calls that need what is needed anyway', () => {
    expect(compareCalls(KEPT, [...made(), s3('HeadObject', 'raw/ticketmaster'), s3('GetObject', 'raw/spotify', { missing: true })])).toEqual({
      fresh: [],
      gone: [],
    });
  });

  it.each([
    ['another action', s3('DeleteObject', 'raw/spotify')],
    ['another folder', s3('PutObject', 'elsewhere/x')],
    ['another bucket', s3('GetObject', 'raw/spotify', { target: 'bronze' })],
    ['another caller', s3('GetObject', 'raw/spotify', { caller: 'bronze' })],
  ])('are not when one needs %s', (_what, call) => expect(compareCalls(KEPT, [...made(), call])).toEqual({ fresh: [call], gone: [] }));

  it('are not when nobody needs any more what is granted', () => {
    expect(compareCalls(KEPT, made('PutObject'))).toEqual({ fresh: [], gone: ['ingestion s3:PutObject on raw'] });
  });

  it('are kept with what comes only sometimes, and without what is gone', () => {
    const call = s3('HeadObject', 'raw/spotify');
    expect(keptCalls(KEPT, [...made('PutObject', 'AbortMultipartUpload'), call])).toEqual(
      expect.arrayContaining([call, KEPT[3], KEPT[0], KEPT[1]] as KeptCall[]),
    );
    expect(keptCalls(KEPT, made())).toHaveLength(KEPT.length);
  });
});

it('the calls that are kept are each there once, and there are rules for what they need', () => {
  const calls = JSON.parse(readFileSync(join(__dirname, '../../calls.json'), 'utf8')) as KeptCall[];
  expect(compareCalls(calls, calls)).toEqual({ fresh: [], gone: [] });
  expect(new Set(calls.map((call) => JSON.stringify(strip(call)))).size).toBe(calls.length);
});
