import type { Random } from '../random.js';

export const MINUTE = 60_000;
export const DAY = 86_400_000;

/** The shop's history: orders are of these days. */
export const HISTORY_DAYS = 30;

/** A time as Postgres reads it, with microseconds; UTC. */
export function timeText(milliseconds: number, random: Random): string {
  const iso = new Date(milliseconds).toISOString();
  const micros = Math.floor(random() * 1000);
  return `${iso.slice(0, 10)} ${iso.slice(11, 23)}${String(micros).padStart(3, '0')}`;
}

export const dayText = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 10);

/** A time from `from` to `to`, both in epoch milliseconds. */
export const timeBetween = (random: Random, from: number, to: number): number => Math.floor(from + random() * Math.max(0, to - from));
