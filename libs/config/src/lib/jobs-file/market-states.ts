import type { Finding } from './types.js';

/** ISO 3166-2, of the US with district and outlying areas: what `stateCode` of the Discovery API takes. */
const STATES: Readonly<Record<string, readonly string[]>> = {
  AU: words('ACT NSW NT QLD SA TAS VIC WA'),
  CA: words('AB BC MB NB NL NS NT NU ON PE QC SK YT'),
  US: words(
    'AK AL AR AS AZ CA CO CT DC DE FL GA GU HI IA ID IL IN KS KY LA MA MD ME MI MN MO MP MS MT NC ND NE NH NJ NM NV NY OH OK OR PA PR RI SC SD TN TX UT VA VI VT WA WI WV WY',
  ),
};
/** Has states too, but the source writes their codes in more than one way. */
const WITH_OWN_CODES = 'MX';

/** Searches for states that a country does not have are answered, with nothing: who wrote them would not notice. */
export function doubtfulStates(options: { readonly markets?: unknown }): Finding[] {
  const markets = Array.isArray(options.markets) ? (options.markets as { country?: unknown; states?: unknown }[]) : [];
  return markets.flatMap(({ country, states }, index): Finding[] => {
    if (typeof country !== 'string' || !Array.isArray(states) || country === WITH_OWN_CODES) return [];
    const path = ['markets', index, 'states'];
    const own = STATES[country];
    if (own !== undefined) {
      const strange = (states as string[]).filter((code) => !own.includes(code));
      return strange.length === 0 ? [] : [{ path, message: `finds nothing in ${strange.join(', ')}: ${country} has ${own.join(', ')}` }];
    }
    const known = [...Object.keys(STATES), WITH_OWN_CODES].sort().join(', ');
    return [{ path, message: `finds nothing in ${country}: the source has states of ${known}; elsewhere give city or around` }];
  });
}

function words(text: string): readonly string[] {
  return text.split(' ');
}
