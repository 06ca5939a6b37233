import { gunzipSync } from 'node:zlib';
import type { Evidence, LakeObject } from '../../evidence.js';
import { isFields, parsed, type Fields } from './canonical.js';

/** Where a raw object lies, from its key alone. */
export interface RawPlace {
  readonly source: string;
  readonly dataType: string;
  /** `2026-03-01T02:00:00Z` */
  readonly second: string;
  readonly slice: number;
  readonly part: number;
}

/** A raw object that could be read. */
export interface RawObject extends RawPlace {
  readonly key: string;
  readonly object: LakeObject;
  readonly content: Buffer;
  readonly result: Fields;
  readonly runId: string;
  readonly records: readonly Fields[];
}

const KEY =
  /^raw\/(?<source>[^/]+)\/(?<type>[^/]+)\/year=(?<y>\d{4})\/month=(?<m>\d\d)\/day=(?<d>\d\d)\/(?<name>[^/]+)_(?<date>\d{8})_(?<time>\d{6})(?:_(?<number>\d{5}))?\.json(?:\.gz)?$/;

/** `undefined` for a key that no data object has. */
export function rawPlace(key: string): RawPlace | undefined {
  const { source, type, y, m, d, name, date, time, number = '00000' } = KEY.exec(key)?.groups ?? {};
  if (source === undefined || type === undefined || time === undefined || name !== type || date !== `${y}${m}${d}`) return undefined;
  const second = `${y}-${m}-${d}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}Z`;
  // The first object of all has no number.
  if (key.includes('_00000.json') || Number.isNaN(Date.parse(second))) return undefined;
  return { source, dataType: type, second, slice: Math.floor(Number(number) / 100), part: Number(number) % 100 };
}

/** The content of an object, whatever it was compressed with. */
export function contentOf({ key, body }: LakeObject): Buffer {
  if (body === undefined) return Buffer.alloc(0);
  return key.endsWith('.gz') ? gunzipSync(body) : body;
}

/** The raw object, or why it is none. */
export function readRaw(object: LakeObject): RawObject | string {
  const place = rawPlace(object.key);
  if (place === undefined) return 'its name is none of a data object';
  let content: Buffer;
  try {
    content = contentOf(object);
  } catch (error) {
    return `it can't be decompressed: ${String(error)}`;
  }
  const text = content.toString('utf8');
  if (text.indexOf('\n') !== text.length - 1) return 'it is not one line and a newline';
  const { ingestion_result: result, records } = parsed(text) ?? {};
  if (!isFields(result) || !Array.isArray(records) || !records.every(isFields)) return 'it is no JSON object with ingestion_result and records';
  return { ...place, key: object.key, object, content, result, runId: String(result['run_id']), records };
}

/** The raw objects that can be read, by key; those that can't are a finding of another check. */
export function rawObjects({ lake }: Evidence): readonly RawObject[] {
  return [...lake.values()]
    .filter(({ key, body }) => key.startsWith('raw/') && body !== undefined)
    .flatMap((object) => {
      const raw = readRaw(object);
      return typeof raw === 'string' ? [] : [raw];
    })
    .sort((one, other) => one.slice - other.slice || one.part - other.part);
}

/** The fields that hold the id of a record, by data type. */
const ID_FIELDS: Readonly<Record<string, string>> = {
  artists: 'artist_id',
  tracks: 'track_id',
  venues: 'venue_id',
  events: 'concert_id',
  attractions: 'attraction_id',
};

export const idOf = (dataType: string, record: Fields): string => String(record[ID_FIELDS[dataType] ?? 'id']);
