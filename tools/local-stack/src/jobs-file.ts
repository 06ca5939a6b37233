import { demoSelection } from '@loadin/upstreams';

/** The jobs of the local stack: the same four as everywhere, over a part of the simulated world that the real rate limits let through in half a minute. */
export function demoJobsFile(): string {
  const { queries, ids, countries, horizonDays } = demoSelection;
  const flow = (items: readonly string[]): string => `[${items.map((item) => JSON.stringify(item)).join(', ')}]`;
  return `# Written by the local stack at every start; for jobs of your own copy it and set LOADIN_JOBS.
version: 1
streams:
  spotify.artists:
    queries: ${flow(queries)}
    ids: ${flow(ids)}
  ticketmaster.venues:
    countries: ${flow(countries)}
  ticketmaster.events:
    countries: ${flow(countries)}
    horizon_days: ${horizonDays}
  ticketmaster.attractions:
    from_events: true # those that the events of the run name: no call of its own
jobs:
  daily:
    schedule: cron(0 2 * * ? *)
    streams: [spotify.artists, ticketmaster.venues, ticketmaster.events, ticketmaster.attractions]
    sinks: [s3_raw, kinesis]
  hourly:
    schedule: cron(0 * * * ? *)
    streams: [ticketmaster.events]
    sinks: [s3_raw, kinesis]
    overrides:
      ticketmaster.events:
        refresh:
          near_days: 3
          coverage_hours: 24
  artist_refresh:
    schedule: cron(0 3 ? * MON,THU *)
    streams: [spotify.artists]
    sinks: [s3_raw, kinesis]
  venue_refresh:
    schedule: cron(0 4 ? * SUN *)
    streams: [ticketmaster.venues]
    sinks: [s3_raw, kinesis]
`;
}
