import { ticketmasterEvent, ticketmasterVenue } from './raw.js';
import { tryRecord, type FieldChange } from './try-record.js';

describe('tryRecord', () => {
  it('gives every field with what it was made of', () => {
    const trial = tryRecord('venues', ticketmasterVenue());
    const fields = new Map((trial.ok ? trial.fields : []).map((change): [string, FieldChange] => [change.field, change]));
    expect(trial).toMatchObject({ ok: true, id: 'ticketmaster_KovZsynth01' });
    expect(fields.get('venue_id')).toEqual({
      field: 'venue_id',
      before: [{ path: 'id', value: 'KovZsynth01' }],
      after: 'ticketmaster_KovZsynth01',
    });
    expect(fields.get('address')?.before).toEqual([
      { path: 'address.line1', value: '1 Quay Street ' },
      { path: 'address.line2', value: 'Pier 4' },
    ]);
    expect(fields.get('capacity')).toEqual({ field: 'capacity', before: [], after: null });
  });

  it('takes a list for one value', () => {
    const trial = tryRecord('events', ticketmasterEvent());
    const prices = trial.ok ? trial.fields.find(({ field }) => field === 'price_ranges') : undefined;
    expect(prices?.before).toEqual([{ path: 'priceRanges', value: [{ type: 'standard', currency: 'USD', min: 39.5, max: 120 }] }]);
  });

  it('gives every rejection with its path and the value there', () => {
    expect(tryRecord('events', ticketmasterEvent({ priceRanges: [{ min: 'cheap' }], url: 3 }))).toEqual({
      ok: false,
      rejections: [
        { path: 'priceRanges[0].min', message: 'must be a decimal number, is "cheap"', value: 'cheap' },
        { path: 'url', message: 'must be a text, is a number', value: 3 },
      ],
    });
  });

  it('finds the value of a record that does not fit its class, too', () => {
    const trial = tryRecord('artists', { id: 'x', popularity: 101 });
    expect(trial).toEqual({
      ok: false,
      rejections: [{ path: 'popularity_score', message: 'must be a number from 0 to 100', value: 101 }],
    });
  });

  it('takes the name of a source field for that, although a field of the record has the same', () => {
    expect(tryRecord('venues', { id: 'x', city: 'Harborview' })).toMatchObject({ ok: false, rejections: [{ path: 'city', value: 'Harborview' }] });
  });

  it.each([null, undefined, 3, 'x', []])('rejects %p as a whole', (raw) => {
    expect(tryRecord('events', raw)).toMatchObject({ ok: false, rejections: [{ path: '', value: raw }] });
  });
});
