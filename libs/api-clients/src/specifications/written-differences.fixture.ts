import type { Difference } from './compare.fixture.js';

/** Why our types are not what the published description says. */
export interface WrittenDifference extends Difference {
  /** Where it was seen, or why it is left out. */
  readonly because: string;
}

const difference =
  (what: Difference['what']) =>
  (because: string, ...fields: string[]): WrittenDifference[] =>
    fields.map((field) => ({ field, what, because }));

const seen = difference('unspecified');
const seenOtherwise = difference('otherwise');
const leftOut = difference('untyped');
const alwaysThere = difference('always');
const oneOf = difference('words');

export const spotifyDifferences: readonly WrittenDifference[] = [
  ...alwaysThere(
    'every answer that was ever recorded has it, in search, by id, and within tracks and albums',
    'SpotifyArtist.id',
    'SpotifyArtist.name',
    'SpotifySimplifiedArtist.id',
    'SpotifySimplifiedArtist.name',
    'SpotifyTrack.id',
    'SpotifyTrack.name',
  ),
];

export const ticketmasterDifferences: readonly WrittenDifference[] = [
  ...seen(
    'the answers are HAL (application/hal+json), which the description leaves out: every recorded record links to itself',
    'TicketmasterEvent._links',
    'TicketmasterVenue._links',
    'TicketmasterAttraction._links',
  ),
  ...seen('HAL again: an event embeds its venues and attractions, and has no `_embedded` at all without any', 'TicketmasterEvent._embedded'),
  ...seen('answers since 2020, with every classification', 'TicketmasterClassification.family'),
  ...seen('answers since 2020: venues and attractions with other names', 'TicketmasterVenue.aliases', 'TicketmasterAttraction.aliases'),
  ...seen('answers since 2020, venues in the USA and in New Zealand', 'TicketmasterVenue.ada'),
  ...seen('answers since 2020, beside the id', 'TicketmasterVenue.markets[].name'),
  ...seen('every recorded venue: the description calls it `dma`', 'TicketmasterVenue.dmas'),
  ...seen('answers of 2026 for postponed events: the start that was announced first', 'TicketmasterDates.initialStartDate'),
  ...seen('answers since 2022, beside `startTBD`', 'TicketmasterEvent.sales.public.startTBA'),
  ...seen(
    'answers since 2022, such as those for G5e8Z96B3yKhX and G5d7Z9EOz2ME8',
    'TicketmasterEvent.ageRestrictions',
    'TicketmasterEvent.ticketLimit',
  ),
  ...seen('the answer for G5e8Z96B3yKhX (2022)', 'TicketmasterEvent.code'),
  ...seen('the answer for G5d7Z9EOz2ME8 (2023)', 'TicketmasterEvent.doorsTimes', 'TicketmasterEvent.accessibility.ticketLimit'),
  ...seen('the answer for Z698xZ2qZ16v0vGxJo, an event in Spain', 'TicketmasterEvent.nameOrigin'),
  ...seen(
    'answers of 2024, such as those for 17u8vOG6u3qwf3R and vv170ZbAGkI_-Pjv: these objects name themselves',
    'TicketmasterEvent.ticketing',
    'TicketmasterEvent.seatmap.id',
    'TicketmasterEvent.accessibility.id',
  ),
  ...seen('answers since 2024: a product, such as a parking place, is classified like an event', 'TicketmasterEvent.products[].classifications'),
  ...seenOtherwise(
    'every recorded answer has `HH:mm:ss`, the description an object of its clock library',
    'TicketmasterStart.localTime',
    'TicketmasterDates.end.localTime',
  ),
  ...seenOtherwise('every recorded answer has a text, the description a number', 'TicketmasterLocation.latitude', 'TicketmasterLocation.longitude'),
  ...alwaysThere('every recorded image has it: without an address there would be no image', 'TicketmasterImage.url'),
  ...oneOf(
    'every recorded record names its own kind; the description has one enumeration for all three',
    'TicketmasterEvent.type',
    'TicketmasterVenue.type',
    'TicketmasterAttraction.type',
  ),
  ...leftOut('no answer has it: it is `dmas`', 'TicketmasterVenue.dma'),
];
