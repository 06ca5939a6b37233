import type { S3Client } from '@aws-sdk/client-s3';
import type { JsonObject, RunReport, StreamReport } from '@loadin/pipeline';
import { localNames } from './environment.js';
import { fieldChangeLines, fieldChanges } from './field-changes.js';
import { compareRecords, readRawRecords, type Changes } from './lake-changes.js';
import { rawStem } from './lake-reports.js';

const ID_FIELDS: Readonly<Record<string, string>> = {
  artists: 'artist_id',
  venues: 'venue_id',
  events: 'concert_id',
  attractions: 'attraction_id',
};
/** One record of each of these is enough to see what records are like. */
const SHOWN = ['artists', 'events'];

interface StreamChanges extends Changes {
  readonly stream: string;
}

/** What is different since the earlier run, with a changed and a new record; where nothing is, or there is no earlier run, two of the records. */
export async function recordLines(s3: S3Client, report: RunReport | undefined, earlier: RunReport | undefined): Promise<string[]> {
  const samples: JsonObject[] = [];
  const changes: StreamChanges[] = [];
  for (const stream of report?.streams ?? []) {
    const after = await recordsOf(s3, stream);
    const [sample] = after.values();
    if (sample !== undefined && SHOWN.includes(stream.data_type)) samples.push(sample);
    const before = earlier?.streams.find((other) => other.stream === stream.stream);
    if (before !== undefined) changes.push({ stream: stream.stream, ...compareRecords(await recordsOf(s3, before), after) });
  }
  return [...changeTable(changes), ...exampleLines(changes, samples)];
}

async function recordsOf(s3: S3Client, stream: StreamReport): Promise<Map<string, JsonObject>> {
  const uri = stream.objects[0]?.uri;
  return uri === undefined ? new Map() : readRawRecords(s3, localNames.bucketRaw, rawStem(uri), ID_FIELDS[stream.data_type] ?? 'id');
}

function changeTable(changes: readonly StreamChanges[]): string[] {
  if (changes.length === 0) return [];
  return [
    '\nSince the last run:',
    ...changes.map(
      ({ stream, added, changed, gone, same }) =>
        `  ${stream}: ${added.length} new, ${changed.length} changed, ${gone} gone, ${same.toLocaleString('en-US')} as before`,
    ),
  ];
}

/** One record that changed and one that is new, of the stream with the most of them. */
export function exampleLines(changes: readonly StreamChanges[], samples: readonly JsonObject[]): string[] {
  const [changed] = [...changes].sort((a, b) => b.changed.length - a.changed.length).flatMap((one) => one.changed);
  const [added] = [...changes].sort((a, b) => b.added.length - a.added.length).flatMap((one) => one.added);
  const lines: string[] = [];
  if (changed !== undefined) {
    const { id, before, after } = changed;
    lines.push(`\nOne that has changed, ${id} (${String(after['name'])}):`);
    lines.push(...fieldChangeLines(fieldChanges(before, after)).map((line) => `  ${line}`));
  }
  if (added !== undefined) lines.push('\nOne that is new:', printed(added));
  return lines.length > 0 ? lines : ['\nTwo of the records:', ...samples.map(printed)];
}

const printed = (record: JsonObject): string => JSON.stringify(record, null, 2).replaceAll(/^/gm, '  ');
