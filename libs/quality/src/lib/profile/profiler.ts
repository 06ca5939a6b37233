import { createFieldView, NULL, PLAIN, viewField, type Row } from '../fields/row.js';
import { utf8 } from '../fields/text.js';
import type { InspectedColumn, InspectedLoad } from '../types.js';
import { addValue, asFinite, createColumnStats, type ColumnStats } from './column-stats.js';
import { estimateDistinct } from './distinct.js';
import type { Extreme } from './extremes.js';
import { readQuantiles } from './quantiles.js';
import { createSampling, nextIsSampled, type Sampling } from './sampling.js';
import type { ColumnProfile, Profile, ValueKind } from './types.js';
import { isFixedPoint, valueKind } from './value-kind.js';

/** 0, 5 … 100 %. */
export const QUANTILE_SHARES: readonly number[] = Array.from({ length: 21 }, (_, n) => n / 20);

export interface Profiler {
  /** The first `columns` fields of the row. */
  add(row: Row, columns: number): void;
  /** `names`: of all fields there were. */
  finish(load: InspectedLoad, names: readonly string[], valuesLeftOut: number): Profile;
}

export function createProfiler(declared: readonly InspectedColumn[]): Profiler {
  const stats: ColumnStats[] = declared.map(({ type }) =>
    type === undefined ? createColumnStats(undefined) : createColumnStats(valueKind(type), isFixedPoint(type)),
  );
  const sampling = createSampling();
  const view = createFieldView();
  return {
    add(row, columns) {
      while (stats.length < columns) stats.push(createColumnStats(undefined));
      const level = nextIsSampled(sampling) ? sampling.level : -1;
      for (let column = 0; column < columns; column++) {
        const flag = row.flags[column];
        if (flag === NULL) continue;
        const of = stats[column] as ColumnStats;
        const [start, end] = [row.starts[column] as number, row.ends[column] as number];
        // Escapes are part of what is hashed: a value is always escaped alike.
        const hash = row.hashes[column] as number;
        const kind = row.kinds[column] as number;
        if (flag === PLAIN) addValue(of, row.bytes, start, end, hash, kind, level);
        else {
          viewField(view, row, column);
          addValue(of, view.bytes, view.start, view.end, hash, kind, level);
        }
      }
    },
    finish: (load, names, valuesLeftOut) => ({
      format: 'loadin.profile',
      version: 1,
      entity: load.entity,
      job: load.job,
      run_id: load.runId,
      stream: load.stream,
      ingestion_id: load.ingestionId,
      load_type: load.loadType,
      scheduled_time: load.scheduledTime,
      rows: sampling.row,
      sampled_rows: sampling.sampled,
      columns: names.map((name, n) => columnProfile(name, declared[n]?.type, stats[n] ?? createColumnStats(undefined), sampling)),
      ...(valuesLeftOut > 0 && { values_left_out: valuesLeftOut }),
    }),
  };
}

function columnProfile(name: string, type: string | undefined, stats: ColumnStats, sampling: Sampling): ColumnProfile {
  const kind = finalKind(stats);
  return {
    name,
    ...(type !== undefined && { type }),
    kind,
    nulls: sampling.row - stats.values,
    distinct: distinct(stats, sampling),
    ...ordered(stats, kind),
    ...(stats.notFinite > 0 && { not_finite: stats.notFinite }),
    ...lengths(stats, kind),
    ...shares(stats),
  };
}

function distinct({ values, shares, registers }: ColumnStats, { row, sampled }: Sampling): number {
  // All values that there are.
  if (shares !== undefined && sampled === row) return shares.size;
  return values === 0 ? 0 : Math.max(1, Math.min(values, Math.round(estimateDistinct(registers))));
}

/** Records' fields have the kind that all their values had. */
function finalKind({ kind, seen, values }: ColumnStats): ValueKind {
  if (values === 0) return 'empty';
  if (kind !== undefined) return kind;
  return ({ 2: 'number', 4: 'text', 8: 'boolean', 16: 'other' } as const)[seen as 2] ?? 'mixed';
}

function ordered(stats: ColumnStats, kind: ValueKind): Pick<ColumnProfile, 'min' | 'max' | 'quantiles'> {
  if (kind === 'text') return { min: extremeText(stats.textMin), max: extremeText(stats.textMax) };
  const { min, max } = stats;
  if ((kind !== 'number' && kind !== 'time' && kind !== 'date') || min.length < 0) return {};
  const quantiles = readQuantiles(stats.quantiles, QUANTILE_SHARES);
  const ends = { min: extremeText(min), max: extremeText(max) };
  if (quantiles.length === 0) return ends;
  // With micros, as the values were added.
  return { ...ends, quantiles: withEnds(quantiles, asFinite(min.value) + min.micros / 1e6, asFinite(max.value) + max.micros / 1e6) };
}

/** A text that was cut in a character loses what is left of it. */
const extremeText = ({ bytes, length, isCut }: Extreme): string => {
  const text = utf8(bytes, 0, length);
  return isCut ? text.replace(/\ufffd+$/, '') : text;
};

function lengths(stats: ColumnStats, kind: ValueKind): Pick<ColumnProfile, 'length'> {
  if (kind !== 'text' && kind !== 'other' && kind !== 'mixed') return {};
  const { shortest: min, longest: max } = stats;
  return { length: { min, max, quantiles: withEnds(readQuantiles(stats.lengths, QUANTILE_SHARES), min, max) } };
}

/** The ends are known of all rows, not only of those that were sampled. None, where no sampled row has a value. */
const withEnds = (quantiles: readonly number[], min: number, max: number): number[] =>
  quantiles.map((value, n) => (n === 0 ? min : n === quantiles.length - 1 ? max : value));

function shares({ shares: found, weight }: ColumnStats): Pick<ColumnProfile, 'shares'> {
  if (found === undefined || found.size === 0) return {};
  const weights = new Map<string, number>();
  for (const { value, weight: of } of found.values()) weights.set(value, (weights.get(value) ?? 0) + of);
  const all = Array.from(weights, ([value, of]) => ({ value, share: of / weight }));
  return { shares: all.sort((a, b) => b.share - a.share || (a.value < b.value ? -1 : 1)) };
}
