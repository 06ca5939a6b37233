import type { CatalogueEvent, EventSeed, EventStatus, Schedule } from './types.js';
import { isoDate, isoTime, localToUtc } from './zones.js';

/** The event as of a day, or nothing when it is not announced yet or is over. */
export function eventOn(seed: EventSeed, day: number, baseDay: number): CatalogueEvent | undefined {
  if (seed.announcedOn > day) return undefined;
  const change = seed.change && seed.change.on <= day ? seed.change : undefined;
  const moved = change && (change.kind === 'rescheduled' || change.kind === 'dated') ? change.shiftDays : 0;
  const startDay = seed.startDay + moved;
  // It can be seen for a day after it began.
  if (startDay < day - 1) return undefined;
  const schedule = scheduleOf(seed, change?.kind);
  return {
    seed,
    id: seed.id,
    name: change?.kind === 'renamed' ? `${seed.name} (New Line-up)` : seed.name,
    countryCode: seed.countryCode,
    schedule,
    ...startOf(seed, schedule, baseDay + startDay),
    ...(change?.kind === 'rescheduled' || change?.kind === 'postponed' ? { initial: initialOf(seed, baseDay) } : {}),
    ...statusOf(seed, change?.kind),
    ...pricesOf(seed, change?.kind),
  };
}

function scheduleOf(seed: EventSeed, change: string | undefined): Schedule {
  if (change === 'postponed') return 'tba';
  return change === 'dated' ? 'dated' : seed.schedule;
}

function startOf(seed: EventSeed, schedule: Schedule, day: number): Pick<CatalogueEvent, 'at' | 'localDate' | 'localTime'> {
  if (schedule === 'tba' || schedule === 'tbd') return {};
  const localDate = isoDate(day);
  if (schedule !== 'dated') return { at: localToUtc(day, 0, seed.zone), localDate };
  return { at: localToUtc(day, seed.startSecond, seed.zone), localDate, localTime: isoTime(seed.startSecond) };
}

function initialOf(seed: EventSeed, baseDay: number): NonNullable<CatalogueEvent['initial']> {
  const day = baseDay + seed.startDay;
  return { at: localToUtc(day, seed.startSecond, seed.zone), localDate: isoDate(day), localTime: isoTime(seed.startSecond) };
}

function statusOf(seed: EventSeed, change: string | undefined): { status?: EventStatus } {
  if (change === 'cancelled' || change === 'postponed' || change === 'rescheduled' || change === 'offsale') return { status: change };
  return seed.status ? { status: seed.status } : {};
}

function pricesOf({ price }: EventSeed, change: string | undefined): Pick<CatalogueEvent, 'price'> {
  if (!price) return {};
  return { price: change === 'prices' ? { ...price, max: Math.round(price.max * 120) / 100 } : price };
}
