/** A place that venues cluster around. */
export interface Place {
  readonly city: string;
  readonly stateCode?: string;
  readonly stateName?: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly zone: string;
  /** How many of the country's venues lie here, relative to its other places. */
  readonly weight: number;
}

export interface Country {
  readonly code: string;
  readonly name: string;
  readonly locale: string;
  readonly currency: string;
  readonly venues: number;
  readonly events: number;
  readonly places: readonly Place[];
}

type Row = readonly [city: string, stateCode: string, stateName: string, latitude: number, longitude: number, zone: string, weight?: number];

const place = ([city, stateCode, stateName, latitude, longitude, zone, weight = 1]: Row): Place => ({
  city,
  ...(stateCode ? { stateCode, stateName } : {}),
  latitude,
  longitude,
  zone,
  weight,
});

const eastern = 'America/New_York';
const central = 'America/Chicago';
const mountain = 'America/Denver';
const pacific = 'America/Los_Angeles';

/** California alone holds more venues than a search can page through. */
export const california: readonly Place[] = (
  [
    ['Los Angeles', 'CA', 'California', 34.05, -118.24, pacific, 460],
    ['San Francisco', 'CA', 'California', 37.77, -122.42, pacific, 240],
    ['San Diego', 'CA', 'California', 32.72, -117.16, pacific, 140],
    ['Sacramento', 'CA', 'California', 38.58, -121.49, pacific, 110],
    ['San Jose', 'CA', 'California', 37.34, -121.89, pacific, 90],
    ['Fresno', 'CA', 'California', 36.74, -119.79, pacific, 60],
    ['Bakersfield', 'CA', 'California', 35.37, -119.02, pacific, 30],
    ['Redding', 'CA', 'California', 40.59, -122.39, pacific, 20],
  ] satisfies Row[]
).map(place);
export const californiaVenues = 1150;

const states: readonly Place[] = (
  [
    ['Birmingham', 'AL', 'Alabama', 33.52, -86.8, central],
    ['Anchorage', 'AK', 'Alaska', 61.22, -149.9, 'America/Anchorage', 0.4],
    ['Phoenix', 'AZ', 'Arizona', 33.45, -112.07, 'America/Phoenix', 1.5],
    ['Little Rock', 'AR', 'Arkansas', 34.75, -92.29, central],
    ['Denver', 'CO', 'Colorado', 39.74, -104.99, mountain, 1.5],
    ['Hartford', 'CT', 'Connecticut', 41.77, -72.67, eastern],
    ['Wilmington', 'DE', 'Delaware', 39.75, -75.55, eastern, 0.4],
    ['Washington', 'DC', 'District of Columbia', 38.91, -77.04, eastern],
    ['Miami', 'FL', 'Florida', 25.76, -80.19, eastern, 3],
    ['Atlanta', 'GA', 'Georgia', 33.75, -84.39, eastern, 1.5],
    ['Honolulu', 'HI', 'Hawaii', 21.31, -157.86, 'Pacific/Honolulu', 0.4],
    ['Boise', 'ID', 'Idaho', 43.62, -116.2, mountain, 0.5],
    ['Chicago', 'IL', 'Illinois', 41.88, -87.63, central, 3],
    ['Indianapolis', 'IN', 'Indiana', 39.77, -86.16, eastern],
    ['Des Moines', 'IA', 'Iowa', 41.59, -93.62, central, 0.6],
    ['Wichita', 'KS', 'Kansas', 37.69, -97.34, central, 0.6],
    ['Louisville', 'KY', 'Kentucky', 38.25, -85.76, eastern],
    ['New Orleans', 'LA', 'Louisiana', 29.95, -90.07, central],
    ['Portland', 'ME', 'Maine', 43.66, -70.26, eastern, 0.5],
    ['Baltimore', 'MD', 'Maryland', 39.29, -76.61, eastern],
    ['Boston', 'MA', 'Massachusetts', 42.36, -71.06, eastern, 2],
    ['Detroit', 'MI', 'Michigan', 42.33, -83.05, eastern, 1.5],
    ['Minneapolis', 'MN', 'Minnesota', 44.98, -93.27, central],
    ['Jackson', 'MS', 'Mississippi', 32.3, -90.18, central, 0.6],
    ['St. Louis', 'MO', 'Missouri', 38.63, -90.2, central],
    ['Billings', 'MT', 'Montana', 45.78, -108.5, mountain, 0.4],
    ['Omaha', 'NE', 'Nebraska', 41.26, -95.93, central, 0.6],
    ['Las Vegas', 'NV', 'Nevada', 36.17, -115.14, pacific, 2],
    ['Manchester', 'NH', 'New Hampshire', 42.99, -71.46, eastern, 0.5],
    ['Newark', 'NJ', 'New Jersey', 40.74, -74.17, eastern, 1.5],
    ['Albuquerque', 'NM', 'New Mexico', 35.08, -106.65, mountain, 0.6],
    ['New York', 'NY', 'New York', 40.71, -74.01, eastern, 5],
    ['Charlotte', 'NC', 'North Carolina', 35.23, -80.84, eastern, 1.2],
    ['Fargo', 'ND', 'North Dakota', 46.88, -96.79, central, 0.4],
    ['Columbus', 'OH', 'Ohio', 39.96, -83, eastern, 1.5],
    ['Tulsa', 'OK', 'Oklahoma', 36.15, -95.99, central],
    ['Portland', 'OR', 'Oregon', 45.52, -122.68, pacific],
    ['Philadelphia', 'PA', 'Pennsylvania', 39.95, -75.17, eastern, 2],
    ['Providence', 'RI', 'Rhode Island', 41.82, -71.41, eastern, 0.5],
    ['Charleston', 'SC', 'South Carolina', 32.78, -79.93, eastern],
    ['Sioux Falls', 'SD', 'South Dakota', 43.55, -96.73, central, 0.4],
    ['Nashville', 'TN', 'Tennessee', 36.16, -86.78, central, 1.5],
    ['Austin', 'TX', 'Texas', 30.27, -97.74, central, 4],
    ['Salt Lake City', 'UT', 'Utah', 40.76, -111.89, mountain],
    ['Burlington', 'VT', 'Vermont', 44.48, -73.21, eastern, 0.4],
    ['Richmond', 'VA', 'Virginia', 37.54, -77.44, eastern],
    ['Seattle', 'WA', 'Washington', 47.61, -122.33, pacific, 1.5],
    ['Charleston', 'WV', 'West Virginia', 38.35, -81.63, eastern, 0.4],
    ['Milwaukee', 'WI', 'Wisconsin', 43.04, -87.91, central],
    ['Cheyenne', 'WY', 'Wyoming', 41.14, -104.82, mountain, 0.4],
  ] satisfies Row[]
).map(place);

const country = (code: string, name: string, locale: string, currency: string, counts: readonly [number, number], rows: readonly Row[]): Country => ({
  code,
  name,
  locale,
  currency,
  venues: counts[0],
  events: counts[1],
  places: rows.map(place),
});

/** US places without California, which has a number of its own. */
export const countries: readonly Country[] = [
  { code: 'US', name: 'United States Of America', locale: 'en-us', currency: 'USD', venues: 1800, events: 8000, places: states },
  country(
    'CA',
    'Canada',
    'en-ca',
    'CAD',
    [180, 1000],
    [
      ['Toronto', 'ON', 'Ontario', 43.65, -79.38, 'America/Toronto', 2],
      ['Montréal', 'QC', 'Quebec', 45.5, -73.57, 'America/Toronto', 2],
      ['Winnipeg', 'MB', 'Manitoba', 49.9, -97.14, 'America/Winnipeg'],
      ['Halifax', 'NS', 'Nova Scotia', 44.65, -63.58, 'America/Halifax'],
    ],
  ),
  country(
    'GB',
    'Great Britain',
    'en-gb',
    'GBP',
    [190, 900],
    [
      ['London', '', '', 51.51, -0.13, 'Europe/London', 4],
      ['Manchester', '', '', 53.48, -2.24, 'Europe/London'],
      ['Glasgow', '', '', 55.86, -4.25, 'Europe/London'],
      ['Bristol', '', '', 51.45, -2.59, 'Europe/London'],
    ],
  ),
  country(
    'DE',
    'Germany',
    'de-de',
    'EUR',
    [140, 700],
    [
      ['Berlin', '', '', 52.52, 13.4, 'Europe/Berlin', 2],
      ['Köln', '', '', 50.94, 6.96, 'Europe/Berlin'],
      ['München', '', '', 48.14, 11.58, 'Europe/Berlin'],
      ['Hamburg', '', '', 53.55, 9.99, 'Europe/Berlin'],
    ],
  ),
  country(
    'SE',
    'Sweden',
    'sv-se',
    'SEK',
    [70, 350],
    [
      ['Stockholm', '', '', 59.33, 18.07, 'Europe/Stockholm', 2],
      ['Göteborg', '', '', 57.71, 11.97, 'Europe/Stockholm'],
      ['Malmö', '', '', 55.6, 13, 'Europe/Stockholm'],
    ],
  ),
  country(
    'MX',
    'Mexico',
    'es-mx',
    'MXN',
    [110, 500],
    [
      ['México', 'DF', 'Distrito Federal', 19.43, -99.13, 'America/Mexico_City', 2],
      ['Guadalajara', 'JAL', 'Jalisco', 20.67, -103.35, 'America/Mexico_City'],
      ['Monterrey', 'NLE', 'Nuevo León', 25.69, -100.32, 'America/Mexico_City'],
    ],
  ),
  country(
    'AU',
    'Australia',
    'en-au',
    'AUD',
    [90, 400],
    [
      ['Sydney', 'NSW', 'New South Wales', -33.87, 151.21, 'Australia/Sydney'],
      ['Melbourne', 'VIC', 'Victoria', -37.81, 144.96, 'Australia/Melbourne'],
      ['Brisbane', 'QLD', 'Queensland', -27.47, 153.03, 'Australia/Brisbane'],
    ],
  ),
  country(
    'IE',
    'Ireland',
    'en-ie',
    'EUR',
    [30, 150],
    [
      ['Dublin', '', '', 53.35, -6.26, 'Europe/Dublin', 2],
      ['Cork', '', '', 51.9, -8.47, 'Europe/Dublin'],
    ],
  ),
];

export const countryByCode: ReadonlyMap<string, Country> = new Map(countries.map((c) => [c.code, c]));
