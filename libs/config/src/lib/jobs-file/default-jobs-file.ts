/** The text of `loadin.jobs.default.yaml`, as a constant: a bundle has no files beside it. */
export const DEFAULT_JOBS_FILE = `# yaml-language-server: $schema=./loadin.jobs.schema.json
# The jobs that are built in. Copy this file to loadin.jobs.yaml, change it, and set LOADIN_JOBS=loadin.jobs.yaml.
version: 1

# What each stream reads, in every job that has it.
streams:
  spotify.artists:
    queries: # Spotify's search syntax
      - genre:"indie rock"
      - genre:"indie pop"
      - genre:"hip hop"
      - genre:"electronic"
      - genre:"jazz"
      - genre:"folk"
      - genre:"metal"
      - genre:"soul"
    max_per_query: 50
    ids: [] # artists to read besides, by Spotify id
    max_rejected: 0.01 # a run fails above this share of rejected records

  ticketmaster.venues:
    countries: [US, CA, GB, IE, DE, ES, MX, AU, NZ]
    max_rejected: 0.01

  ticketmaster.events:
    countries: [US, CA, GB, IE, DE, ES, MX, AU, NZ]
    horizon_days: 365
    look_back_days: 1
    max_rejected: 0.01

  ticketmaster.attractions:
    from_events: true # those that the events name; they link to artists, and cost no call
    max_rejected: 0.01

# Schedules are EventBridge's, in UTC.
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
        refresh: # not all of the horizon each time, but all of it in a day
          near_days: 3 # what starts so soon is read every time
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
