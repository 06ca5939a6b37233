/**
 * Codes that `stateCode` takes, for countries with more venues than one search gives. Those seen in answers are added to them, so a
 * missing code costs nothing unless its venues hide behind the first 1,000 of the country.
 * US: ISO 3166-2 states, district and outlying areas. CA, AU: ISO 3166-2. MX: as Ticketmaster writes them.
 */
export const stateCodes: Readonly<Record<string, readonly string[]>> = {
  US: words(
    'CA NY TX FL IL PA OH GA NC MI NJ VA WA AZ MA TN IN MO MD WI CO MN SC AL LA KY OR OK CT UT IA NV AR MS KS NM NE ID WV HI NH ME MT RI DE SD ND AK DC VT WY PR GU VI AS MP',
  ),
  CA: words('ON QC BC AB MB SK NS NB NL PE NT YT NU'),
  AU: words('NSW VIC QLD WA SA TAS ACT NT'),
  MX: words('DF CMX MEX JAL NLE PUE GUA CHH BCN VER QUE YUC SON COA SIN TAM MIC OAX CHP GRO HID MOR SLP TAB DUR ZAC AGU NAY QRO ROO TLA CAM COL BCS'),
};

/** Ids of the top classifications ("segments"), as `GET /discovery/v2/classifications` lists them. */
export const segmentIds: readonly string[] = [
  'KZFzniwnSyZfZ7v7nJ', // Music
  'KZFzniwnSyZfZ7v7nE', // Sports
  'KZFzniwnSyZfZ7v7na', // Arts & Theatre
  'KZFzniwnSyZfZ7v7nn', // Film
  'KZFzniwnSyZfZ7v7n1', // Miscellaneous
  'KZFzniwnSyZfZ7v7nl', // Undefined
];

function words(text: string): readonly string[] {
  return text.split(' ');
}
