const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

export function isZone(name: string): boolean {
  if (UTC_NAMES.has(name)) return true;
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

const UTC_NAMES = new Set(['UTC', 'Etc/UTC', 'Etc/UCT', 'UCT', 'GMT', 'Etc/GMT', 'Etc/Universal', 'Universal', 'Etc/Zulu', 'Zulu']);

export const isSameZone = (a: string, b: string): boolean => a === b || (UTC_NAMES.has(a) && UTC_NAMES.has(b));

/** A time as a wall clock shows it, written as the epoch milliseconds at which a clock in UTC shows the same: so calendars can be reckoned without a zone. */
export type WallMs = number;

export const wallOf = (instant: number, zone: string): WallMs => instant + offsetAt(instant, zone);

/** The instants at which a clock of the zone shows this, ascending: one, two when clocks are put back, none when they are put forward. */
export function instantsOf(wall: WallMs, zone: string): readonly number[] {
  if (zone === 'UTC') return [wall];
  // No zone has moved its clock twice within two days.
  const offsets = new Set([wall - DAY_MS, wall + DAY_MS].map((near) => offsetAt(near, zone)));
  return [...offsets]
    .map((offset) => wall - offset)
    .filter((instant) => wallOf(instant, zone) === wall)
    .sort((a, b) => a - b);
}

/** Milliseconds that the zone's clock is ahead of UTC. */
export function offsetAt(instant: number, zone: string): number {
  if (zone === 'UTC') return 0;
  const part = Object.fromEntries(
    formatOf(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000;
}

/** Making one takes a hundred times as long as using it. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const numeric = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' } as const;
  const made = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', calendar: 'gregory', ...numeric });
  formats.set(timeZone, made);
  return made;
}
