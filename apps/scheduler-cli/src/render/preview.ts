import type { PreviewItem } from '@loadin/jobs';
import type { Output } from '../output.js';
import { renderTable } from './table.js';
import { count } from './units.js';

/** Shows what a preview finds. */
export interface PreviewView {
  show(item: PreviewItem): void;
  /** `false` when records were read and none could be used. */
  end(): boolean;
}

/** The fields that say what a record is, by data type. */
const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  artists: ['artist_id', 'name', 'genre', 'popularity_score', 'followers'],
  tracks: ['track_id', 'name', 'artist_ids', 'album_name', 'popularity_score'],
  venues: ['venue_id', 'name', 'city', 'country_code', 'latitude', 'longitude'],
  events: ['concert_id', 'local_date', 'local_time', 'name', 'venue_name', 'country_code', 'status'],
  attractions: ['attraction_id', 'name', 'segment', 'genre', 'spotify_id'],
};
/** A cell is cut here: a table is for a look, `--json` has everything. */
const CELL = 38;
const REASONS_SHOWN = 3;

type End = Extract<PreviewItem, { kind: 'end' }>;
type Rejected = Extract<PreviewItem, { kind: 'rejected' }>;

/** One record a line, as they come; everything else on stderr. */
export function createPreviewLines({ result, say }: Pick<Output, 'result' | 'say'>): PreviewView {
  let end: End | undefined;
  return {
    show(item) {
      if (item.kind === 'record') result(`${JSON.stringify(item.record)}\n`);
      else if (item.kind === 'rejected') say(rejectedText(item));
      else if (item.kind === 'note') say(`note: ${item.message}`);
      else if (item.kind === 'end') end = item;
    },
    end: () => wasUseful(end),
  };
}

export function createPreviewTable({ result }: Pick<Output, 'result'>): PreviewView {
  const records: Readonly<Record<string, unknown>>[] = [];
  const lines: string[] = [];
  let begin: Extract<PreviewItem, { kind: 'begin' }> | undefined;
  let end: End | undefined;
  return {
    show(item) {
      if (item.kind === 'begin') begin = item;
      else if (item.kind === 'record') records.push(item.record);
      else if (item.kind === 'rejected') lines.push(rejectedText(item));
      else if (item.kind === 'note') lines.push(`note: ${item.message}`);
      else end = item;
    },
    end() {
      const fields = columnsOf(begin?.dataType ?? '', records);
      const table =
        records.length === 0
          ? []
          : renderTable(
              fields.map((title) => ({ title })),
              records.map((record) => fields.map((field) => cell(record[field]))),
            );
      const sections = [table, lines, [summary(begin?.stream ?? '', begin?.job ?? '', end)]];
      result(
        `${sections
          .filter((section) => section.length > 0)
          .map((section) => section.join('\n'))
          .join('\n\n')}\n`,
      );
      return wasUseful(end);
    },
  };
}

/** Those that every record of this kind has; of a kind that is not listed the first few that hold one value. */
function columnsOf(dataType: string, [first = {}]: readonly Readonly<Record<string, unknown>>[]): readonly string[] {
  const known = COLUMNS[dataType]?.filter((field) => field in first);
  return (
    known ??
    Object.keys(first)
      .filter((field) => typeof first[field] !== 'object')
      .slice(0, 6)
  );
}

/** Null is shown as nothing: the source doesn't say. */
function cell(value: unknown): string {
  const text = value === null || value === undefined ? '' : Array.isArray(value) ? value.map(textOf).join(', ') : textOf(value);
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > CELL ? `${line.slice(0, CELL - 1)}…` : line;
}

const textOf = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

function rejectedText({ id, reasons }: Rejected): string {
  const shown = reasons.slice(0, REASONS_SHOWN).map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  const more = reasons.length > REASONS_SHOWN ? [`${reasons.length - REASONS_SHOWN} more`] : [];
  return `rejected ${id ?? 'a record without an id'}: ${[...shown, ...more].join('; ')}`;
}

function summary(stream: string, job: string, end: End | undefined): string {
  const { pages = 0, records = 0, rejected = 0, more = false } = end ?? {};
  const all = more ? '' : '; that is all there is';
  const refused = rejected === 0 ? '' : `, ${count(rejected)} rejected`;
  return `${stream} as in the job ${job}: ${plural(records, 'record')}${refused}, from ${plural(pages, 'page')}${all}. Nothing was written.`;
}

const plural = (value: number, what: string): string => `${count(value)} ${what}${value === 1 ? '' : 's'}`;

const wasUseful = (end: End | undefined): boolean => end === undefined || end.records > 0 || end.rejected === 0;
