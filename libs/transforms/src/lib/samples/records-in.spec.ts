import { dataTypeOf, recordsIn } from './records-in.js';

const record = { id: '1', type: 'event' };

describe('recordsIn', () => {
  it.each<[string, unknown, unknown[]]>([
    ['a list', [record, null], [record, null]],
    ['one record', record, [record]],
    ['a page of artists', { artists: { items: [record], next: null } }, [record]],
    ['several artists', { artists: [record] }, [record]],
    ['top tracks', { tracks: [record] }, [record]],
    ['a page without a name', { items: [record], total: 1 }, [record]],
    ['a page of events', { _embedded: { events: [record] }, page: { totalElements: 1 } }, [record]],
    ['an event, with what is embedded in it', { id: '1', _embedded: { venues: [{ id: '2' }] } }, [{ id: '1', _embedded: { venues: [{ id: '2' }] } }]],
    ['an empty page', { _links: {}, page: { totalPages: 0 } }, []],
    ['a landed page', { records: [record], next: null, request: {} }, [record]],
    ['the heading of landed pages', { landing: 2, data_type: 'events', pages: 3 }, []],
    ['something else', { error: 'x' }, [{ error: 'x' }]],
    ['no object', 'x', ['x']],
  ])('finds those of %s', (_what, body, records) => expect(recordsIn(body)).toEqual(records));
});

describe('dataTypeOf', () => {
  it.each(['artist', 'venue', 'event', 'attraction', 'track'])('knows the type %s', (type) => expect(dataTypeOf({ type })).toBe(`${type}s`));
  it.each([null, 'event', {}, { type: 'show' }, { type: 'constructor' }, { type: 3 }])('knows none of %p', (raw) => {
    expect(dataTypeOf(raw)).toBeUndefined();
  });
});
