import { counted, rowsText } from '../checks/wording.js';
import type { ColumnProfile, Profile } from '../profile/types.js';
import { quantileIndex, sharesIndex } from './distribution.js';
import type { Drift, DriftThresholds } from './types.js';

type Thresholds = Required<DriftThresholds>;

const DEFAULTS: Thresholds = { rowsPercent: 50, nullPoints: 5, distinctFactor: 2, psi: 0.25, leastRows: 200 };

/**
 * What has changed between two loads, `before` and `now`. Numbers of rows and of different values are compared between loads of one kind only; times are not compared, as
 * they move on, nor the numbers that are another one in nearly every row.
 */
export function findDrift(before: Profile, now: Profile, thresholds: DriftThresholds = {}): Drift[] {
  const limits: Thresholds = { ...DEFAULTS, ...thresholds };
  const earlier = new Map(before.columns.map((column) => [column.name, column]));
  const names = new Set(now.columns.map(({ name }) => name));
  return [
    ...rowsDrift(before, now, limits),
    // An empty load of records has no columns at all.
    ...(now.rows === 0 ? [] : before.columns.filter(({ name }) => !names.has(name))).map((column) =>
      changed('column_gone', column, 'is not there any more'),
    ),
    ...(before.rows === 0 ? [] : now.columns.filter(({ name }) => !earlier.has(name))).map((column) => changed('column_new', column, 'is new')),
    ...now.columns.flatMap((column) => {
      const was = earlier.get(column.name);
      return was === undefined ? [] : columnDrift({ column: was, load: before }, { column, load: now }, limits);
    }),
  ];
}

interface Side {
  readonly column: ColumnProfile;
  readonly load: Profile;
}

const changed = (kind: Drift['kind'], { name }: ColumnProfile, what: string): Drift => ({ kind, column: name, message: `${name} ${what}` });

function rowsDrift(before: Profile, now: Profile, { rowsPercent, leastRows }: Thresholds): Drift[] {
  if (before.load_type !== now.load_type || Math.max(before.rows, now.rows) < leastRows) return [];
  if (Math.abs(now.rows - before.rows) * 100 <= rowsPercent * before.rows) return [];
  return [{ kind: 'rows', message: `${rowsText(now.rows, now.load_type)} after ${counted(before.rows)}` }];
}

function columnDrift(before: Side, now: Side, limits: Thresholds): Drift[] {
  const type = typeDrift(before.column, now.column);
  if (type !== undefined) return [type];
  if (Math.min(before.load.rows, now.load.rows) < limits.leastRows) return [];
  return [nullsDrift(before, now, limits), distinctDrift(before, now, limits), distributionDrift(before, now, limits)].flatMap(
    (drift) => drift ?? [],
  );
}

function typeDrift(before: ColumnProfile, now: ColumnProfile): Drift | undefined {
  const areDeclared = before.type !== undefined && now.type !== undefined;
  const [was, is] = areDeclared ? [before.type, now.type] : [before.kind, now.kind];
  // Without a value nobody knows what they would have been.
  if (was === is || (!areDeclared && (before.kind === 'empty' || now.kind === 'empty'))) return undefined;
  return changed('type', now, `is ${is} and was ${was}`);
}

function nullsDrift(before: Side, now: Side, { nullPoints }: Thresholds): Drift | undefined {
  const [was, is] = [before, now].map(({ column, load }) => (100 * column.nulls) / load.rows) as [number, number];
  if (Math.abs(is - was) < nullPoints) return undefined;
  return changed('nulls', now.column, `has ${percent(is)} nulls after ${percent(was)}`);
}

const percent = (value: number): string => `${value > 0 && value < 0.1 ? '<0.1' : Math.round(value * 10) / 10} %`;

function distinctDrift(before: Side, now: Side, { distinctFactor }: Thresholds): Drift | undefined {
  const [was, is] = [before.column.distinct, now.column.distinct];
  if (before.load.load_type !== 'full' || now.load.load_type !== 'full' || was === 0 || is === 0 || isOfTimes(now.column)) return undefined;
  const factor = is / was;
  const perRow = factor / (now.load.rows / before.load.rows);
  const isMore = factor >= distinctFactor && perRow >= distinctFactor;
  const isFewer = factor <= 1 / distinctFactor && perRow <= 1 / distinctFactor;
  return isMore || isFewer ? changed('distinct', now.column, `has ${about(is)} different values after ${about(was)}`) : undefined;
}

const isOfTimes = ({ kind }: ColumnProfile): boolean => kind === 'time' || kind === 'date';
const about = (distinct: number): string => (distinct < 100 ? counted(distinct) : `some ${counted(distinct)}`);

function distributionDrift(
  { column: before, load: loadBefore }: Side,
  { column: now, load: loadNow }: Side,
  { psi, leastRows }: Thresholds,
): Drift | undefined {
  if (before.kind !== now.kind || loadBefore.rows - before.nulls < leastRows || loadNow.rows - now.nulls < leastRows) return undefined;
  if (before.shares !== undefined && now.shares !== undefined && !isOfTimes(now)) {
    const index = sharesIndex(before.shares, now.shares);
    return index > psi ? changed('distribution', now, `has its values in other shares (PSI ${rounded(index)})`) : undefined;
  }
  const [was, is, what] =
    now.kind === 'number' ? [before.quantiles, now.quantiles, 'median'] : [before.length?.quantiles, now.length?.quantiles, 'median length'];
  if (was?.length !== 21 || is?.length !== 21 || (now.kind === 'number' && (isKey(before, loadBefore) || isKey(now, loadNow)))) return undefined;
  const index = quantileIndex(was, is);
  return index > psi
    ? changed('distribution', now, `is distributed otherwise (PSI ${rounded(index)}): ${what} ${shown(is[10])} after ${shown(was[10])}`)
    : undefined;
}

/** Whole numbers that are another one in nearly every row: they count on, and say nothing of what is counted. */
const isKey = ({ distinct, nulls, quantiles = [] }: ColumnProfile, { rows }: Profile): boolean =>
  distinct >= 0.9 * (rows - nulls) && quantiles.every((value) => Number.isInteger(value));

const rounded = (value: number): string => value.toFixed(2);
const shown = (value: number | undefined): string => String(Number((value ?? NaN).toPrecision(4)));
