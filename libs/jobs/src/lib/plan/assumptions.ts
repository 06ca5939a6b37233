/**
 * What is assumed as long as no run has shown it. Bytes: medians of answers of the real services and of records made of them; events:
 * "over 230K+ events" of https://developer.ticketmaster.com/products-and-docs/apis/discovery-api/v2/, most of them in a dozen countries.
 */
export const ASSUMED = {
  events: {
    /** All that there are. */
    world: 230_000,
    /** Of one country within a year. */
    ofCountry: 20_000,
    /** Of one market within a year. */
    ofMarket: 2_000,
    /** The share of events whose date is to be announced or decided. */
    undated: 0.02,
    /** Looks at windows that are cut further, over the pages that have to be read anyway. */
    looks: 1.15,
  },
  venuesOfCountry: 1_500,
  /** Pages of venues that are read for one page of different ones: states and map areas overlap. */
  venueLooks: 1.5,
  attractionsOfKeyword: 100,
  /** Different attractions in so many events. */
  attractionsPerEvent: 0.4,
  tracksOfArtist: 10,
} as const;

/** Bytes of one record by data type. */
export const RECORD_BYTES: Readonly<Record<string, { readonly received: number; readonly normalized: number }>> = {
  artists: { received: 900, normalized: 350 },
  tracks: { received: 2_500, normalized: 400 },
  venues: { received: 1_800, normalized: 600 },
  events: { received: 6_500, normalized: 1_500 },
  attractions: { received: 2_500, normalized: 700 },
};

/** Landed pages are compressed to about this share. */
export const LANDED_SHARE = 0.12;
/** What the stream adds to a record: four fields, and the partition key. */
export const STREAM_BYTES = 230;
