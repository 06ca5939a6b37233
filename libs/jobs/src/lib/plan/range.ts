import type { Range } from './types.js';

export const exactly = (value: number): Range => ({ least: value, expected: value, most: value });

/** Puts the expected value between the bounds. */
export const range = (least: number, expected: number, most: number | null): Range => ({
  least,
  expected: Math.max(least, most === null ? expected : Math.min(expected, most)),
  most,
});

export const sum = (ranges: readonly Range[]): Range => ({
  least: ranges.reduce((total, { least }) => total + least, 0),
  expected: ranges.reduce((total, { expected }) => total + expected, 0),
  most: ranges.reduce<number | null>((total, { most }) => (total === null || most === null ? null : total + most), 0),
});

export const times = ({ least, expected, most }: Range, factor: number): Range => ({
  least: least * factor,
  expected: expected * factor,
  most: most === null ? null : most * factor,
});

/** What takes longest, of things that go on side by side. */
export const longest = (ranges: readonly Range[]): Range => ({
  least: Math.max(0, ...ranges.map(({ least }) => least)),
  expected: Math.max(0, ...ranges.map(({ expected }) => expected)),
  most: ranges.some(({ most }) => most === null) ? null : Math.max(0, ...ranges.map(({ most }) => most ?? 0)),
});
