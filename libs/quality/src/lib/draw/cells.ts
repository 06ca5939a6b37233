import { counted } from '../checks/wording.js';
import { shareUpTo } from '../drift/distribution.js';
import type { ColumnProfile, Profile } from '../profile/types.js';
import { bar, sparkline } from './bars.js';

const WIDEST = 22;

/** A value of a row, for a terminal: what could move its cursor or change its colours is written out. */
export function safeText(text: string, widest: number = WIDEST): string {
  const safe = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
  const characters = Array.from(safe);
  return characters.length > widest ? `${characters.slice(0, widest - 1).join('')}…` : safe;
}

/** An estimate is not shown with more digits than it has. */
export function distinctCell({ distinct, shares }: ColumnProfile, { rows, sampled_rows: sampled }: Profile): string {
  const isExact = distinct < 2 || (shares !== undefined && sampled === rows);
  return isExact ? counted(distinct) : `~${counted(Number(distinct.toPrecision(2)))}`;
}

export const typeCell = ({ type, kind }: ColumnProfile): string =>
  safeText((type ?? kind).replace('timestamp with time zone', 'timestamptz').replace(' without time zone', ''));

export function nullsCell({ nulls }: ColumnProfile, { rows }: Profile): string {
  const share = rows === 0 ? 0 : nulls / rows;
  const percent = (100 * share).toFixed(1);
  // Neither none nor all, if it is not.
  const text = nulls > 0 && percent === '0.0' ? '<0.1' : nulls < rows && percent === '100.0' ? '>99.9' : percent;
  return nulls === 0 ? '–' : `${text} % ${bar(share, 5)}`;
}

export function middleCell({ kind, quantiles, length }: ColumnProfile): string {
  const middle = quantiles?.[10];
  if (middle === undefined) return length?.quantiles[10] === undefined ? '' : `${length.quantiles[10]} bytes`;
  return kind === 'number' ? String(Number(middle.toPrecision(6))) : instantText(middle, kind === 'date');
}

function instantText(seconds: number, isDay: boolean): string {
  // A day has a time that ECMAScript's dates can say; years beyond 275,760 have not.
  if (Math.abs(seconds) > 8.64e12) return '';
  return new Date(seconds * 1000)
    .toISOString()
    .slice(0, isDay ? -14 : -5)
    .replace('T', ' ');
}

const BINS = 12;

/** The distribution, and how many values are in none (NaN, infinities): of numbers and times between the 5 % at either end, of lengths alike, of few values their shares. */
export function shapeCell(column: ColumnProfile): string {
  const { not_finite: count = 0 } = column;
  return [barsOf(column), ...(count > 0 ? [`${counted(count)} not finite`] : [])].join(' ').trimStart();
}

function barsOf({ kind, shares, quantiles, length }: ColumnProfile): string {
  if (shares !== undefined && kind === 'number') return sparkline(byNumber(shares).slice(0, 2 * BINS));
  if (shares !== undefined && kind !== 'time' && kind !== 'date') return sharesText(shares);
  const values = quantiles ?? length?.quantiles;
  const [low, high] = [values?.[1], values?.[19]];
  if (values === undefined || low === undefined || high === undefined || !(high > low)) return '';
  const edge = (n: number): number => low + ((high - low) * n) / BINS;
  return sparkline(Array.from({ length: BINS }, (_, n) => shareUpTo(values, edge(n + 1)) - (n === 0 ? 0.05 : shareUpTo(values, edge(n)))));
}

const byNumber = (shares: NonNullable<ColumnProfile['shares']>): number[] =>
  [...shares].sort((a, b) => Number(a.value) - Number(b.value)).map(({ share }) => share);

function sharesText(shares: NonNullable<ColumnProfile['shares']>): string {
  const first = shares.slice(0, 3).map(({ value, share }) => `${value === '' ? '""' : safeText(value, 12)} ${Math.round(share * 100)} %`);
  return `${sparkline(shares.slice(0, BINS).map(({ share }) => share))} ${first.join(' · ')}${shares.length > 3 ? ' …' : ''}`;
}
