interface InACountry {
  readonly countryCode: string;
}

/** What lists of a day's catalogue have in each country, in their order: kept for as long as the list is. */
const known = new WeakMap<readonly InACountry[], ReadonlyMap<string, readonly InACountry[]>>();

/** The items that a search can find by its `countryCode` alone: with one, it does not look at the rest of the world. */
export function ofCountry<T extends InACountry>(items: readonly T[], query: URLSearchParams): readonly T[] {
  const code = query.get('countryCode');
  if (code === null || code === '') return items;
  const countries = known.get(items) ?? byCountry(items);
  known.set(items, countries);
  return (countries.get(code.toUpperCase()) ?? []) as readonly T[];
}

function byCountry(items: readonly InACountry[]): ReadonlyMap<string, readonly InACountry[]> {
  const countries = new Map<string, InACountry[]>();
  for (const item of items) {
    const country = countries.get(item.countryCode);
    if (country === undefined) countries.set(item.countryCode, [item]);
    else country.push(item);
  }
  return countries;
}
