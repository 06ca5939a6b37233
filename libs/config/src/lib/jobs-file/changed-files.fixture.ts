import Ajv from 'ajv';
import fc from 'fast-check';
import { parse } from 'yaml';
import { checkJobsFile } from './check.js';
import { DEFAULT_JOBS_FILE } from './default-jobs-file.js';
import { jobsFileSchema } from './json-schema.js';
import { KNOWN } from './known.js';

export const accepts = new Ajv().compile(jobsFileSchema());
export const good = parse(DEFAULT_JOBS_FILE) as Record<string, unknown>;
/** Everything that a file can say. */
export const rich = parse(`
version: 1
streams:
  spotify.artists: { queries: [rock], ids: [4Z8W4fKeB5YxbusRsdQVPb], names: [Björk], max_per_query: 30, max_rejected: 0.5 }
  spotify.tracks: { market: SE, artist_ids: [4Z8W4fKeB5YxbusRsdQVPb], from_artists: true }
  ticketmaster.venues: { countries: [SE], venue_ids: [KovZpZA7AAEA] }
  ticketmaster.attractions: { ids: [K8vZ9171ob7], keywords: [abba], from_events: true }
  ticketmaster.events:
    countries: [US]
    markets:
      - { country: US, states: [CA, NY], classifications: [Music] }
      - { dmas: [345, '324'] }
      - { city: Oslo, venue_ids: [KovZpZA7AAEA], attraction_ids: [K8vZ9171ob7] }
      - around: { latitude: 59.3, longitude: 18.1, radius: 30, unit: km }
    refresh: { near_days: 2, coverage_hours: 12 }
  postgres.orders:
    table: public.orders
    key: [id, line]
    mode: incremental
    cursor: updated_at
    cursor_kind: time
    look_back_minutes: 30
    event_date: ordered_at
    columns: [id, line, updated_at, ordered_at, gone]
    slices: 4
    contract: quarantine
    compression: snappy
    soft_delete: gone
    hard_deletes: true
    time_zone: Europe/Stockholm
    max_rejected: 0
    expect:
      - { check: not_null, columns: [id], severity: stop }
      - { check: range, column: total, min: 0, max: '1e3' }
      - { check: regex, column: code, pattern: '^[A-Z]+$' }
      - { check: allowed_values, column: state, values: [open, 1, true] }
      - { check: row_count_change, max_drop_percent: 20, max_rise_percent: 300 }
      - { check: freshness, column: updated_at, max_age_minutes: 90 }
      - { check: reference, column: customer, entity: customers, entity_column: id }
  postgres.order_items: { table: order_items, key: [id], mode: full, look_back_numbers: 3 }
  payments.payments: { event_date: created_at, contract: freeze, compression: zstd, page_size: 100, max_rejected: 0.1 }
  shipments.shipments: {}
sinks:
  s3_raw: { gzip: true, kms_key: alias/lake, tags: { team: data, 'cost centre': 'a+b=c' }, storage_class: STANDARD_IA }
  s3_bronze: { compression: snappy, kms_key: alias/lake, tags: { team: data }, storage_class: GLACIER_IR }
jobs:
  all:
    schedule: cron(0 9 * * ? *)
    time_zone: Europe/Stockholm
    streams: [spotify.artists, spotify.tracks, ticketmaster.venues, ticketmaster.attractions, ticketmaster.events]
    sinks: [s3_raw]
    overrides:
      ticketmaster.events: { refresh: {} }
  bronze:
    streams: [postgres.orders, postgres.order_items, payments.payments, shipments.shipments]
    sinks: [s3_bronze]
    overrides:
      postgres.orders: { mode: full }
`) as Record<string, unknown>;

/** The value with the node at a place in it replaced; the key of that node changed when `rename` is set. */
function changed(value: unknown, place: number, replacement: unknown, rename: boolean): unknown {
  let left = place;
  const walk = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map((child) => (left-- === 0 ? replacement : walk(child)));
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(
      Object.entries(node).map(([key, child]) => {
        if (left-- !== 0) return [key, walk(child)];
        return rename ? [`${key}s`, child] : [key, replacement];
      }),
    );
  };
  return walk(value);
}

/** Throws when schema and validator say different things of a file in which one thing was changed, so many times. */
export function expectAgreement(file: Record<string, unknown>, runs: number): void {
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom<unknown>(
      1,
      0,
      30,
      0.5,
      'US',
      ['US'],
      ['US', 'US'],
      ['kinesis'],
      [],
      {},
      'cron(0 2 * * ? *)',
      'rate(1 hour)',
      null,
      true,
      { radius: 1 },
      [{}],
      ['spotify.artists'],
      ['postgres.orders'],
      ['postgres.Orders'],
      'Europe/Stockholm',
      'full',
    ),
  );
  const verdicts = { right: 0, wrong: 0 };
  fc.assert(
    fc.property(fc.nat(190), value, fc.boolean(), (place, replacement, rename) => {
      const data = changed(file, place, replacement, rename);
      // An override for a stream that the job lost is the file's own contradiction, which a schema can't see.
      const findings = checkJobsFile(data, KNOWN).filter(({ message }) => !message.startsWith('is not one of'));
      verdicts[findings.length === 0 ? 'right' : 'wrong']++;
      if (accepts(data) !== (findings.length === 0)) throw new Error(`${JSON.stringify(data)}: ${findings.length} findings`);
    }),
    { seed: 11, numRuns: runs },
  );
  expect(verdicts.right).toBeGreaterThan(runs / 30);
  expect(verdicts.wrong).toBeGreaterThan(runs / 3);
}
