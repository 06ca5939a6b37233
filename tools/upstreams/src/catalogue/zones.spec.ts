import { countries, california } from './countries.js';
import { epochDay, isoDate, isoTime, localToUtc } from './zones.js';

describe('local times', () => {
  it('become the moments that the time zone database says, summer time and both hemispheres included', () => {
    const zones = new Set([...countries.flatMap((c) => c.places), ...california].map((p) => p.zone));
    expect(zones.size).toBeGreaterThan(15);
    for (const zone of zones) {
      const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
      for (let day = epochDay('2026-01-01'); day < epochDay('2028-01-01'); day += 1) {
        // Every day around the changes of clocks, every ninth otherwise: Intl is slow.
        const month = new Date(day * 86_400_000).getUTCMonth();
        if (![2, 3, 9, 10].includes(month) && day % 9 !== 0) continue;
        expect(`${zone} ${format.format(localToUtc(day, 19.5 * 3600, zone))}`).toBe(`${zone} ${isoDate(day)} ${isoTime(19.5 * 3600)}`);
      }
    }
  });
});
