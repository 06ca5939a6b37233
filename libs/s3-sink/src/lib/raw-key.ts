import type { Batch } from '@loadin/pipeline';
import { FatalError } from '@loadin/resilience';

const MAX_SLICE = 999;
const PARTS_PER_SLICE = 100;

type Address = Pick<Batch, 'source' | 'dataType' | 'second' | 'sliceOrdinal' | 'part'>;

export type SliceOfKeys = Omit<Address, 'part'>;

/**
 * Where a batch's object lies: `raw/{source}/{data type}/year=YYYY/month=MM/day=DD/{data type}_{YYYYMMDD_HHMMSS}.json`, UTC. Objects
 * after a stream's first carry `_` and five digits before `.json`: slice ordinal × 100 + part. Throws `FatalError` for what has no name.
 */
export function rawKey({ source, dataType, second, sliceOrdinal, part }: Address, extension = '.json'): string {
  for (const name of [source, dataType]) {
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) {
      throw new FatalError(`"${name}" can't be a folder of the lake`, {
        where: `raw/${source}/${dataType}`,
        hint: 'Use letters, digits, dots, hyphens and underscores.',
      });
    }
  }
  const [, year, month, day, hours, minutes, seconds] = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.0+)?Z$/.exec(second) ?? [];
  if (year === undefined)
    throw new FatalError(`"${second}" is not a second in UTC`, { where: `raw/${source}/${dataType}`, hint: 'Write it like 2024-11-08T12:00:00Z.' });
  return `raw/${source}/${dataType}/year=${year}/month=${month}/day=${day}/${dataType}_${year}${month}${day}_${hours}${minutes}${seconds}${suffix(sliceOrdinal, part)}${extension}`;
}

/** How the keys of a slice begin; those of slice 0 begin like all of the stream. */
export function rawKeyPrefix(slice: SliceOfKeys): string {
  return rawKey({ ...slice, part: 0 }, '').replace(/(_\d{3})\d\d$/, slice.sliceOrdinal === 0 ? '$&' : '$1');
}

/** The part that an object's key stands for; `undefined` for what is not an object of this slice. */
export function partOf(key: string, slice: SliceOfKeys, extension = '.json'): number | undefined {
  const digits = /_(\d{5})\.json/.exec(key)?.[1] ?? '0';
  const part = Number(digits) % PARTS_PER_SLICE;
  return key === rawKey({ ...slice, part }, extension) ? part : undefined;
}

function suffix(sliceOrdinal: number, part: number): string {
  if (!inRange(sliceOrdinal, MAX_SLICE) || !inRange(part, PARTS_PER_SLICE - 1)) {
    throw new FatalError(`Slice ${sliceOrdinal}, part ${part} has no object name: a stream has at most 1,000 slices of 100 objects`, {
      hint: 'Cut the stream into more and smaller slices.',
    });
  }
  const number = sliceOrdinal * PARTS_PER_SLICE + part;
  return number === 0 ? '' : `_${String(number).padStart(5, '0')}`;
}

const inRange = (value: number, largest: number): boolean => Number.isInteger(value) && value >= 0 && value <= largest;
