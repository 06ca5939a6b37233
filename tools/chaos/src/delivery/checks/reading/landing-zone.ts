import { gunzipSync } from 'node:zlib';
import type { Evidence, LakeObject } from '../../evidence.js';
import { isFields, parsed, type Fields, type Value } from './canonical.js';

/** A landed page group that could be read. */
export interface LandedGroup {
  readonly key: string;
  readonly object: LakeObject;
  readonly runId: string;
  readonly source: string;
  readonly dataType: string;
  readonly slice: number;
  readonly group: number;
  readonly header: Fields;
  readonly pages: readonly { readonly position: Value | undefined; readonly records: readonly Value[] }[];
}

const KEY =
  /^landing\/(?<source>[^/]+)\/(?<type>[^/]+)\/date=\d{4}-\d\d-\d\d\/run=(?<run>[0-9a-f-]{36})\/slice=(?<slice>\d{5})\/pages-(?<group>\d{6})\.ndjson\.gz$/;

/** The group, or why it is none. */
export function readLanded(object: LakeObject): LandedGroup | string {
  const { source, type, run, slice, group } = KEY.exec(object.key)?.groups ?? {};
  if (source === undefined || type === undefined || run === undefined) return 'its name is none of landed pages';
  let text: string;
  try {
    text = gunzipSync(object.body ?? Buffer.alloc(0)).toString('utf8');
  } catch (error) {
    return `it can't be decompressed: ${String(error)}`;
  }
  const lines = text.split('\n').slice(0, -1).map(parsed);
  const [header, ...pages] = lines;
  if (header === undefined || pages.some((page) => page === undefined)) return 'not every line of it is a JSON object';
  if (header['pages'] !== pages.length) return `it has ${pages.length} pages and says ${String(header['pages'])}`;
  const place = { run_id: run, source, data_type: type, slice: Number(slice), group: Number(group) };
  const other = Object.entries(place).find(([name, value]) => header[name] !== value);
  if (other !== undefined) return `its header has ${other[0]} ${String(header[other[0]])}, its name ${other[1]}`;
  return {
    key: object.key,
    object,
    runId: run,
    source,
    dataType: type,
    slice: Number(slice),
    group: Number(group),
    header,
    pages: pages.map((page) => ({ position: page?.['position'], records: (page?.['records'] ?? []) as readonly Value[] })),
  };
}

/** Landed pages in their order: slice by slice, group by group. */
export function landedGroups({ lake }: Evidence): readonly LandedGroup[] {
  return [...lake.values()]
    .filter(({ key }) => key.startsWith('landing/'))
    .flatMap((object) => {
      const landed = readLanded(object);
      return typeof landed === 'string' ? [] : [landed];
    })
    .sort((one, other) => one.slice - other.slice || one.group - other.group);
}

/** Entries that are not null, in order. */
export const rawRecords = ({ pages }: LandedGroup): readonly Value[] => pages.flatMap(({ records }) => records.filter((record) => record !== null));

/** The normalized id that a raw record would get; `undefined` for one without an id. */
export function landedId(source: string, raw: Value): string | undefined {
  const id = isFields(raw) ? raw['id'] : undefined;
  return typeof id === 'string' ? `${source}_${id}` : undefined;
}
