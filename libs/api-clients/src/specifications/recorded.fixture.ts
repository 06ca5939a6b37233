import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A part of a recorded body that one of our interfaces describes. */
export interface Recorded {
  /** File and path in it. */
  readonly where: string;
  /** The interface. */
  readonly type: string;
  readonly value: Readonly<Record<string, unknown>>;
}

const types: Readonly<Record<string, string>> = {
  artist: 'SpotifyArtist',
  track: 'SpotifyTrack',
  event: 'TicketmasterEvent',
  venue: 'TicketmasterVenue',
  attraction: 'TicketmasterAttraction',
};

/** The records and the paging of every JSON file below a folder. What is inside a record belongs to it and is not given once more. */
export function recordedIn(folder: string): Recorded[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
  return files.sort().flatMap((file) => recordedParts(JSON.parse(readFileSync(join(folder, file), 'utf8')), file));
}

export function recordedParts(node: unknown, where: string): Recorded[] {
  if (typeof node !== 'object' || node === null) return [];
  const value = node as Readonly<Record<string, unknown>>;
  const type = typeOf(value);
  if (type !== undefined && type !== 'SpotifyPaging') return [{ where, type, value }];
  const own = type === undefined ? [] : [{ where, type, value }];
  return [...own, ...Object.entries(value).flatMap(([key, child]) => recordedParts(child, `${where}/${key}`))];
}

function typeOf(value: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof value['type'] === 'string' && typeof value['id'] === 'string') return types[value['type']];
  if (Array.isArray(value['items']) && 'total' in value) return 'SpotifyPaging';
  return 'totalElements' in value ? 'TicketmasterPaging' : undefined;
}
