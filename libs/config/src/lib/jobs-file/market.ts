import { Field } from './field.js';
import { mappingOf, mappingsOf, needs, someOf } from './inside.js';
import { COUNTRY, digits, list, oneOf, ratio, text, TICKETMASTER_ID, whole } from './rules.js';

/** A circle on the map. */
export class AroundOptions {
  @Field({ description: 'Degrees north.', ...ratio(-90, 90) })
  latitude!: number;

  @Field({ description: 'Degrees east.', ...ratio(-180, 180) })
  longitude!: number;

  @Field({ description: 'How far from there, in the unit.', ...whole(1, 19_999) })
  radius!: number;

  @Field({ description: "Of the radius. Default miles, as the source's.", ...oneOf('km', 'miles') })
  unit?: 'km' | 'miles';
}

/** A part of the world's events; what is given holds all at once. */
export class MarketOptions {
  @Field({ description: 'An ISO 3166-1 alpha-2 code.', ...text(COUNTRY, 'a country code such as US') })
  country?: string;

  @Field({
    description: 'State codes within the country, as the source writes them: CA, NSW.',
    ...list('^[A-Z0-9]{1,3}$', { one: 'a state code such as CA', many: 'state codes such as CA' }, 1),
  })
  states?: string[];

  @Field({
    description: "The source's ids of designated market areas: 345 is New York.",
    ...digits(999_999, { one: 'a market area id such as 345', many: 'market area ids such as 345' }),
  })
  dmas?: (string | number)[];

  @Field({ description: 'The name of a city, as the source writes it.', ...text('\\S', 'the name of a city') })
  city?: string;

  @Field({
    description: 'Within a distance of a place.',
    ...mappingOf({ type: AroundOptions, required: ['latitude', 'longitude', 'radius'] }),
  })
  around?: AroundOptions;

  @Field({
    description: 'At these venues, by Ticketmaster id.',
    ...list(TICKETMASTER_ID, { one: 'a Ticketmaster id such as KovZpZA7AAEA', many: 'Ticketmaster ids such as KovZpZA7AAEA' }, 1),
  })
  venue_ids?: string[];

  @Field({
    description: 'With these attractions, by Ticketmaster id.',
    ...list(TICKETMASTER_ID, { one: 'a Ticketmaster id such as K8vZ9171ob7', many: 'Ticketmaster ids such as K8vZ9171ob7' }, 1),
  })
  attraction_ids?: string[];

  @Field({
    description: 'Names or ids of segments, genres or sub-genres: Music, Jazz.',
    ...list('^[^,\\s][^,]*$', { one: 'a classification such as Music, without a comma', many: 'classifications such as Music' }, 1),
  })
  classifications?: string[];
}

const PLACES = ['country', 'dmas', 'city', 'around', 'venue_ids', 'attraction_ids'];

export const markets = mappingsOf({
  type: MarketOptions,
  combinations: [
    needs('states', 'country', 'WA is a state of the US and of Australia'),
    someOf(PLACES, `has nothing in it that says where: give ${PLACES.slice(0, -1).join(', ')} or ${PLACES.at(-1)}`),
  ],
});
