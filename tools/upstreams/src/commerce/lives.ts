import { hash32, type Random } from '../catalogue/random.js';
import type { State } from './types.js';

export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const dayMs = 86_400_000;

/** Every so often a change is written minutes after the time that it carries: by then a reader may be past that. */
const lateEvery = 6;
/** Late by at most so much. */
const mostLateMs = 8 * minuteMs;

export function stateAt<Row>(dice: Random, at: number, row: Row): State<Row> {
  const late = dice.int(lateEvery) === 0 ? dice.between(1, mostLateMs / 1000) * 1000 : 0;
  return { at, visibleAt: at + late, row };
}

/** The first instant from here on at this hour of the day (UTC): what many rows do together gives them one `updated_at`. */
export function nextAtHour(from: number, hour: number): number {
  const today = Math.floor(from / dayMs) * dayMs + hour * hourMs;
  return today >= from ? today : today + dayMs;
}

/** In no order that follows time. */
export const rowId = (prefix: string, seed: number, i: number): string =>
  `${prefix}_${hash32(seed, prefix, i).toString(36).padStart(7, '0')}${i.toString(36)}`;
