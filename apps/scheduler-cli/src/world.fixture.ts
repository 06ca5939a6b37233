import { startServers, type Selection, type Servers, type ServersOptions } from '@loadin/specs';
import { loadin, startLoadin, type CommandResult, type StartedCommand } from './bundle.fixture.js';

/** Small enough to be read within the sources' real limits in two seconds: the command has the real clock. */
export const SELECTION = {
  queries: ['genre:"grime"'],
  ids: ['089E1GvhsJFcIirMyZtxiT'],
  countries: ['SE'],
  horizonDays: 30,
} as const satisfies Selection;

export const JOBS = `version: 1
streams:
  spotify.artists:
    queries: ['genre:"grime"']
    ids: ['089E1GvhsJFcIirMyZtxiT']
  ticketmaster.venues:
    countries: [SE]
  ticketmaster.events:
    countries: [SE]
    horizon_days: 30
jobs:
  daily:
    schedule: cron(0 2 * * ? *)
    streams: [spotify.artists, ticketmaster.venues, ticketmaster.events]
    sinks: [s3_raw, kinesis]
  hourly:
    streams: [ticketmaster.events]
    sinks: [s3_raw, kinesis]
  artist_refresh:
    streams: [spotify.artists]
    sinks: [s3_raw, kinesis]
`;

export interface World extends Servers {
  /** Runs `loadin` in the folder of the servers, led to them. */
  loadin(args: readonly string[], env?: Readonly<Record<string, string | undefined>>): Promise<CommandResult>;
  start(args: readonly string[], env?: Readonly<Record<string, string | undefined>>): StartedCommand;
}

/** Real servers, with everything created, and commands that are led to them. */
export async function startWorld(options: Omit<ServersOptions, 'jobs'> = {}): Promise<World> {
  const servers = await startServers({ jobs: JOBS, ...options });
  const { dir: cwd, env } = servers;
  return {
    ...servers,
    loadin: (args, more = {}) => loadin(args, { cwd, env: { ...env, ...more } }),
    start: (args, more = {}) => startLoadin(args, { cwd, env: { ...env, ...more } }),
  };
}
