import { IsOptional, IsString, Length, ValidateIf } from 'class-validator';
import fc from 'fast-check';
import { recordOf } from '../parsed.fixture.js';
import { Artist } from '../records/artist.js';
import { Attraction } from '../records/attraction.js';
import { Concert } from '../records/concert.js';
import { StreamFields } from '../records/stream-fields.js';
import { Track } from '../records/track.js';
import { Venue } from '../records/venue.js';
import { spotifyArtist, spotifyTrack, ticketmasterAttraction, ticketmasterEvent, ticketmasterVenue } from '../samples/raw.js';
import { parseArtist } from '../spotify/parse-artist.js';
import { parseTrack } from '../spotify/parse-track.js';
import { parseAttraction } from '../ticketmaster/parse-attraction.js';
import { parseConcert } from '../ticketmaster/parse-concert.js';
import { parseVenue } from '../ticketmaster/parse-venue.js';
import { checkerFor } from './checker.js';
import { ListOf } from './constraints.js';
import { explain } from './validate.js';

const artist = recordOf(parseArtist(spotifyArtist()));
const venue = recordOf(parseVenue(ticketmasterVenue()));
const concert = recordOf(parseConcert(ticketmasterEvent()));
const attraction = recordOf(parseAttraction(ticketmasterAttraction()));
const track = recordOf(parseTrack(spotifyTrack()));
const stream = {
  data_type: 'artists',
  ingestion_timestamp: '2026-01-01T02:00:00Z',
  record_hash: '0'.repeat(32),
  run_id: '00000000-0000-5000-8000-000000000000',
};

describe('checkerFor', () => {
  it.each([
    ['Artist', Artist, artist],
    ['Venue', Venue, venue],
    ['Concert', Concert, concert],
    ['Attraction', Attraction, attraction],
    ['Track', Track, track],
    ['StreamFields', StreamFields, stream],
  ])('agrees with class-validator on every %s, right or wrong', (_name, type, record) => {
    expect(explain(type, { ...record })).toEqual([]);
    const fields = Object.keys(record);
    const strange = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom('', ' ', 'spotify_x', 'ticketmaster_y', 0, -1, 100.5, NaN, null, undefined, [], [{}], [[]], [null]),
    );
    let accepted = 0;
    fc.assert(
      fc.property(fc.constantFrom(...fields), strange, (field, value) => {
        const changed = { ...record, [field]: value };
        const verdict = checkerFor(type)(changed);
        accepted += verdict ? 1 : 0;
        expect(verdict).toBe(explain(type, changed).length === 0);
      }),
      { seed: 7, numRuns: 1500 },
    );
    // Both verdicts were really met: agreement on rejections alone would prove little.
    expect(accepted).toBeGreaterThan(100);
    expect(accepted).toBeLessThan(1400);
  });

  it('agrees on the items of lists', () => {
    const wrong = { ...concert, price_ranges: [{ min: '1', max: 'x' }], attractions: [{ attraction_id: 'other_1' }] };
    expect(checkerFor(Concert)(wrong)).toBe(false);
    expect(explain(Concert, wrong)).toEqual([
      { path: 'attractions[0].attraction_id', message: "must be ticketmaster_ and the source's id (1 to 200 printable characters, no spaces)" },
      { path: 'price_ranges[0].max', message: 'must be a decimal number as a text, such as "49.50"' },
    ]);
  });

  it("understands class-validator's own decorators", () => {
    class Own {
      @IsOptional()
      @IsString()
      @Length(2, 3)
      code!: string | null;
    }
    expect([null, 'ab', 'abc', 'a', 7].map((code) => checkerFor(Own)({ code }))).toEqual([true, true, true, false, false]);
  });

  it('refuses to be made for rules that it could get wrong', () => {
    class Conditional {
      @ValidateIf((record: Conditional) => record.other === 'x')
      @IsString()
      value!: string;
      other!: string;
    }
    class Each {
      @IsString({ each: true })
      values!: string[];
    }
    expect(() => checkerFor(Conditional)).toThrow('Conditional.value: no quick check is known for');
    expect(() => checkerFor(Each)).toThrow('Each.values: no quick check is known for isString');
  });

  it('checks lists of lists of records', () => {
    class Inner {
      @IsString()
      a!: string;
    }
    class Outer {
      @ListOf(() => Inner)
      inner!: Inner[];
    }
    expect([[], [{ a: 'x' }], [{ a: 1 }], [[]], null].map((inner) => checkerFor(Outer)({ inner }))).toEqual([true, true, false, false, false]);
  });
});
