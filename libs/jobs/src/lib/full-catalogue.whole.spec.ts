import { createHash } from 'node:crypto';
import type { RunReport } from '@loadin/pipeline';
import { expectedIds, idsOf, type DataRecord, type DataType } from '@loadin/specs';
import { AT, BASE_DATE, startWorld, type World } from './world.fixture.js';

const COUNTRIES = 'US, GB, DE, SE, MX, AU, CA, IE, ES, NZ';

/** Everything the simulated world has: more events and venues than any single search of the source gives. */
const JOBS = `
version: 1
streams:
  spotify.artists: { queries: [midnight, velvet, echo, 'genre:"grime"'], ids: [089E1GvhsJFcIirMyZtxiT, 0jV5WvTsxcmT2i3c06rtq8] }
  ticketmaster.venues: { countries: COUNTRY_LIST }
  ticketmaster.events: { countries: COUNTRY_LIST, horizon_days: 400, look_back_days: 2 }
jobs:
  daily: { streams: [spotify.artists, ticketmaster.venues, ticketmaster.events], sinks: [s3_raw, kinesis] }
`;

describe('the daily job over the whole catalogue', () => {
  let world: World;
  let report: RunReport;
  let countries: string[];
  let raw: Record<DataType, DataRecord[]>;
  let stream: DataRecord[];

  beforeAll(async () => {
    world = await startWorld({ jobs: JOBS.replaceAll('COUNTRY_LIST', `[${COUNTRIES}]`), shards: 16 });
    countries = [...new Set(world.sources.catalogue.allVenues().map(({ countryCode }) => countryCode))];
    report = await world.run('daily');
    const { lake } = world;
    raw = { artists: await lake.raw('artists'), venues: await lake.raw('venues'), events: await lake.raw('events') };
    stream = await world.lake.stream();
  }, 300_000);
  afterAll(() => world.close());

  const expected = () => {
    const ids = ['089E1GvhsJFcIirMyZtxiT', '0jV5WvTsxcmT2i3c06rtq8'];
    const selection = { queries: ['midnight', 'velvet', 'echo', 'genre:"grime"'], ids, countries, horizonDays: 400, lookBackDays: 2 };
    return expectedIds(world.sources, selection, AT);
  };

  it('covers every country of the catalogue', () => {
    expect(COUNTRIES.split(', ')).toEqual(expect.arrayContaining(countries));
    expect(world.sources.catalogue.allEvents().length).toBeGreaterThanOrEqual(12_000);
    expect(BASE_DATE).toBe(AT.slice(0, 10));
  });

  it('brings exactly the records of the catalogue into the lake, each once', () => {
    const { artists, venues, events } = expected();
    expect(events.length).toBeGreaterThan(11_000);
    expect(idsOf(raw.artists, 'artists')).toEqual(artists);
    expect(idsOf(raw.venues, 'venues')).toEqual(venues);
    expect(idsOf(raw.events, 'events')).toEqual(events);
  });

  it('brings the same records onto the stream, each once, with the fields that the stream adds', () => {
    const { artists, venues, events } = expected();
    const ids = stream.map((record) => String(record['artist_id'] ?? record['concert_id'] ?? record['venue_id'])).sort();
    expect(ids).toEqual([...artists, ...venues, ...events].sort());
    for (const record of stream)
      expect(record).toMatchObject({ run_id: report.run_id, record_hash: expect.stringMatching(/^[0-9a-f]{32}$/), ingestion_timestamp: AT });
    expect(new Set(stream.map((record) => record['data_type']))).toEqual(new Set(['artists', 'venues', 'events']));
  });

  it('hashes the canonical JSON of a record', () => {
    const { data_type, ingestion_timestamp, record_hash, run_id, ...record } = stream.find((one) => one['data_type'] === 'artists') ?? {};
    expect([data_type, ingestion_timestamp, run_id]).toEqual(['artists', AT, report.run_id]);
    // A flat record of an artist: sorting its keys is all that makes it canonical.
    const sorted = Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
    expect(record_hash).toBe(createHash('md5').update(JSON.stringify(sorted)).digest('hex'));
  });

  it('balances its ledger, moves the checkpoints and reports no problem', () => {
    expect(report).toMatchObject({ status: 'complete', problems: [], scheduled_time: AT });
    for (const { ledger, checkpoint, slices } of report.streams) {
      expect(ledger.read).toBe(ledger.accepted + ledger.rejected + ledger.deduplicated);
      for (const sink of Object.values(ledger.sinks)) expect(sink).toEqual({ delivered: ledger.accepted, dead_lettered: 0, pending: 0 });
      expect(checkpoint).toMatchObject({ last_sync_timestamp: AT, record_count: ledger.accepted, run_id: report.run_id });
      expect(slices.finished).toBe(slices.planned);
    }
  });

  it('writes raw objects whose names and envelopes say what they hold', async () => {
    for (const [source, dataType] of [
      ['spotify', 'artists'],
      ['ticketmaster', 'venues'],
      ['ticketmaster', 'events'],
    ] as const) {
      const objects = await world.lake.objects(dataType);
      for (const { key, ingestion_result: result, records } of objects) {
        expect(key).toMatch(new RegExp(`^raw/${source}/${dataType}/year=2026/month=03/day=01/${dataType}_20260301_020000(_\\d{5})?\\.json$`));
        expect(result).toMatchObject({
          success: true,
          source,
          data_type: dataType,
          records_processed: records.length,
          records_successful: records.length,
          records_failed: 0,
          timestamp: AT,
        });
        expect(records.length).toBeLessThanOrEqual(5000);
      }
      const text = await world.lake.text(objects[0]?.key ?? '');
      expect(text.indexOf('\n')).toBe(text.length - 1);
    }
  });

  it('leaves plan, landing, report and log where they belong, and nothing else beside the data', async () => {
    const zones = new Set((await world.lake.keys()).map((key) => key.split('/').slice(0, 2).join('/')));
    expect([...zones].sort()).toEqual([
      '_loadin/plans',
      '_loadin/reports',
      'landing/spotify',
      'landing/ticketmaster',
      'logs/pipeline',
      'raw/spotify',
      'raw/ticketmaster',
    ]);
    const lines = (await world.lake.text(`logs/pipeline/ingestion/date=2026-03-01/${report.run_id}.ndjson`)).trimEnd().split('\n');
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ run_id: report.run_id, attempt: 1, level: 'INFO' });
  });

  it('answers the same run again with its report, without a request', async () => {
    const before = world.sources.requests();
    expect(await world.run('daily')).toEqual({ ...report, already_complete: true });
    expect(world.sources.requests()).toEqual(before);
  });
});
