import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { differences } from './compare.fixture.js';
import { misfits } from './fits.fixture.js';
import { definitionsIn } from './published-shapes.fixture.js';
import { recordedParts } from './recorded.fixture.js';
import { leavesOf, type Shape } from './shape.fixture.js';
import { spotifyTypes, ticketmasterTypes, typedShapes } from './typed-shapes.fixture.js';

const source = `
export interface Seat {
  readonly row: string;
  readonly price?: number | null;
}
export interface Hall<Extra> {
  readonly name: string;
  readonly kind?: 'hall' | 'arena';
  readonly status?: 'open' | (string & {});
  readonly seats?: readonly (Seat | null)[];
  readonly bySection?: Readonly<Record<string, readonly Seat[]>>;
  readonly address?: { readonly line: string; readonly floor?: boolean };
  readonly extra?: Extra;
}`;

let folder: string;
let hall: Shape;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadin-types-'));
  writeFileSync(join(folder, 'types.ts'), source);
  hall = typedShapes(join(folder, 'types.ts')).get('Hall') as Shape;
});
afterAll(() => rmSync(folder, { recursive: true }));

const seat = { type: 'object', required: ['row'], properties: { row: { type: 'string' }, price: { type: 'number', nullable: true } } };
const properties = {
  name: { type: 'string' },
  kind: { type: 'string', enum: ['hall', 'arena'] },
  status: { type: 'string', enum: ['open', 'closed'] },
  seats: { type: 'array', items: { $ref: '#/components/schemas/Seat' } },
  bySection: { type: 'object', additionalProperties: { type: 'array', items: { allOf: [{ $ref: '#/components/schemas/Seat' }] } } },
  address: { type: 'object', required: ['line'], properties: { line: { type: 'string' }, floor: { type: 'boolean' } } },
  extra: { type: 'object', properties: { anything: { type: 'string' } } },
};
const described = (changes: object = {}, more: object = {}): Shape =>
  definitionsIn({
    components: { schemas: { Seat: seat, Hall: { type: 'object', required: ['name'], properties: { ...properties, ...changes }, ...more } } },
  })('Hall');
const found = (theirs: Shape): string[] => differences(hall, theirs).map(({ field, what }) => `${what} ${field}`);

describe('comparing types with a description', () => {
  it('finds nothing where both say the same', () => {
    expect(found(described())).toEqual([]);
  });

  it.each([
    [
      'a field that only we have, once for all below it',
      { address: undefined, bySection: undefined },
      ['unspecified Hall.bySection', 'unspecified Hall.address'],
    ],
    ['a field that only the description has', { capacity: { type: 'integer' } }, ['untyped Hall.capacity']],
    ['a field of another kind', { name: { type: 'integer' } }, ['otherwise Hall.name']],
    ['an object where we have an array', { seats: seat }, ['otherwise Hall.seats']],
    ['a null that we rule out', { name: { type: 'string', nullable: true } }, ['null Hall.name']],
    ['a text that we rule out', { kind: { type: 'string', enum: ['hall', 'arena', 'club'] } }, ['words Hall.kind']],
    ['a list of texts that is ours alone', { kind: { type: 'string' } }, ['words Hall.kind']],
    [
      'differences within items, named by the interface and found once',
      { seats: { type: 'array', items: { type: 'object', required: ['row'], properties: { row: { type: 'integer' }, block: { type: 'string' } } } } },
      ['otherwise Seat.row', 'unspecified Seat.price', 'untyped Seat.block'],
    ],
  ])('finds %s', (_what, changes, expected) => {
    const present = Object.fromEntries(Object.entries({ ...properties, ...changes }).filter(([, schema]) => schema !== undefined));
    expect(found(described({}, { properties: present }))).toEqual(expected);
  });

  it('finds what we take to be always there, though the description does not promise it', () => {
    expect(found(described({}, { required: [] }))).toEqual(['always Hall.name']);
  });

  it('names a definition that is not there', () => {
    expect(() => definitionsIn({ definitions: {} })('Hall')).toThrow('no definition Hall');
  });
});

describe('the paths of a shape', () => {
  it('lead to its values', () => {
    const address = ['address.line', 'address.floor'];
    expect(leavesOf(hall)).toEqual([
      'name',
      'kind',
      'status',
      'seats[].row',
      'seats[].price',
      'bySection.*[].row',
      'bySection.*[].price',
      ...address,
      'extra',
    ]);
  });
});

describe('holding a body against a type', () => {
  const whole = {
    name: 'Quayside',
    kind: 'hall',
    status: 'shut',
    seats: [null, { row: 'A', price: null }],
    bySection: { stalls: [{ row: 'B', price: 2 }] },
  };

  it('finds nothing where it fits', () => {
    expect(misfits(hall, { ...whole, extra: { any: ['thing'] } })).toEqual([]);
  });

  it.each([
    ['a field of another kind', { name: 7 }, ['name: number']],
    ['a null', { name: null }, ['name: null']],
    ['a missing field', { address: {} }, ['address.line: missing']],
    ['a field that is not typed', { address: { line: 'Quay 1', gate: 'B' } }, ['address.gate: not typed']],
    ['a text that is none of those allowed', { kind: 'club' }, ['kind: "club"']],
    [
      'what is wrong within lists and keyed objects',
      { seats: [{ row: 1 }], bySection: { stalls: [{}] } },
      ['seats[].row: number', 'bySection.*[].row: missing'],
    ],
  ])('finds %s', (_what, changes, expected) => {
    expect(misfits(hall, { ...whole, ...changes })).toEqual(expected);
  });
});

it('reads the types of both clients', () => {
  expect(typedShapes(spotifyTypes).get('SpotifyArtist')?.fields.get('followers')?.nullable).toBe(true);
  expect(typedShapes(ticketmasterTypes).get('TicketmasterEvent')?.fields.get('_embedded')?.fields.get('venues')?.items?.name).toBe(
    'TicketmasterVenue',
  );
});

it('finds records and paging in a body, and leaves what is inside a record to it', () => {
  const artist = { type: 'artist', id: 'A' };
  const body = {
    artists: { items: [artist, null], total: 2 },
    tracks: [{ type: 'track', id: 'T', artists: [artist] }],
    page: { totalElements: 1 },
    more: [{ type: 'playlist', id: 'P' }],
  };
  expect(recordedParts(body, 'file').map(({ type, where }) => `${type} ${where}`)).toEqual([
    'SpotifyPaging file/artists',
    'SpotifyArtist file/artists/items/0',
    'SpotifyTrack file/tracks/0',
    'TicketmasterPaging file/page',
  ]);
});
