import { syncedTo } from './synced-to.js';

describe('up to where a stream is read', () => {
  const time = '2024-01-15T10:30:00.123456Z';
  it.each([
    ['a time', { last_sync_timestamp: time }, '2024-01-15 10:30:00 UTC'],
    [
      'the time of its cursor, and the key there',
      { last_sync_timestamp: time, cursor: time, cursor_key: ['42', 'a'] },
      '2024-01-15 10:30:00 UTC, 42, a',
    ],
    ['a key as people may write it', { last_sync_timestamp: time, cursor_key: 7 }, '2024-01-15 10:30:00 UTC, 7'],
    ['a cursor that is no time', { last_sync_timestamp: time, cursor: '900' }, '900'],
    ['a date alone, written by hand', { last_sync_timestamp: '2024-01-15' }, '2024-01-15 00:00:00 UTC'],
    ['a time with an offset, written by hand', { last_sync_timestamp: '2024-01-15T10:30:00+02:00' }, '2024-01-15 08:30:00 UTC'],
    ['a text that is no time, written by hand', { last_sync_timestamp: 'yesterday' }, 'yesterday'],
    ['nothing yet', { last_sync_timestamp: null, cursor: null }, '–'],
    ['nothing that makes sense', { last_sync_timestamp: 5 }, '–'],
  ])('is %s', (_, checkpoint, text) => {
    expect(syncedTo(checkpoint)).toBe(text);
  });
});
