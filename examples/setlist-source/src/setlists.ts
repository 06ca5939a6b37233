import { defineSource, list } from '@loadin/api-clients';
import type { Job, Json, Sink, Transform } from '@loadin/pipeline';

/** What was played one evening, as the service sends it. */
export interface Setlist {
  readonly id: string;
  readonly artist: { readonly id: string; readonly name: string };
  /** `YYYY-MM-DD`, the day at the venue. */
  readonly day: string;
  readonly venue?: { readonly name: string; readonly city?: string } | null;
  readonly songs?: readonly { readonly title: string; readonly cover?: boolean }[];
}

/** Two calls a second and 1,440 a day for a key; pages of 20, counted from 1. */
export const setlists = defineSource({
  name: 'setlists',
  title: 'Setlist API',
  baseUrl: 'https://api.setlists.example/v1',
  auth: { kind: 'api-key', in: 'header', name: 'x-api-key' },
  rate: {
    windows: [
      { limit: 2, windowMs: 1_000 },
      { limit: 1_440, windowMs: 86_400_000 },
    ],
    pace: { perSecond: 2, burst: 2 },
  },
  failures: [
    { on: 429, body: /daily/i, then: 'stop', code: 'quota', message: "says that the day's calls of this key are used up" },
    { on: 403, body: /suspended/i, then: 'fatal', code: 'suspended', message: 'has suspended this key: {detail}', hint: 'Write to its owners.' },
  ],
  settings: { baseUrl: 'API_SETLISTS_BASE_URL', credentials: ['API_SETLISTS_KEY'] },
  endpoints: {
    setlists: {
      path: '/artists/{artistId}/setlists',
      params: { year: 'number?' },
      answer: list<Setlist, { readonly total: number }>('setlists', { expects: { total: 'number' } }),
      paging: { kind: 'page', page: 'page', size: 'size', perPage: 20, first: 1, ends: 'short-page' },
      absent: ['not-found'],
    },
  },
  streams: {
    setlists: { endpoint: 'setlists', key: 'id', partition: { parameter: 'artistId', owner: 'artist.id' } },
  },
});

/** Id, artist and day are needed; what else is missing is null. */
export const toRecord: Transform = (raw: Json) => {
  const { id, artist, day, venue, songs } = raw as unknown as Partial<Setlist>;
  if (id === undefined || artist === undefined || day === undefined)
    return { ok: false, reasons: [{ path: '', message: 'a setlist needs id, artist and day' }] };
  const titles = songs?.map(({ title }) => title) ?? null;
  const record = { setlist_id: `setlists_${id}`, artist_name: artist.name, day, venue_name: venue?.name ?? null, city: venue?.city ?? null, titles };
  return { ok: true, id: record.setlist_id, record };
};

/** Reads the setlists of these artists into the sinks; for `runJob`. */
export function setlistJob(client: ReturnType<typeof setlists.connect>, artistIds: readonly string[], sinks: readonly Sink[]): Job {
  const stream = setlists.stream('setlists', { client, values: artistIds });
  return { name: 'setlists', streams: [{ stream, transform: toRecord, sinks, schemaVersion: '1' }] };
}
