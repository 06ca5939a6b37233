import { JobsFileError } from './jobs-file-error.js';
import { parseJobsFile } from './parse-jobs-file.js';

export const parse = (text: string) => parseJobsFile(text, 'loadin.jobs.yaml');

/** What a file is refused with. */
export function errorOf(text: string): JobsFileError {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof JobsFileError) return error;
    throw error;
  }
  throw new Error('no error');
}

/** What is wrong with a file: line, column, place and message of each thing. */
export const linesOf = (text: string) => errorOf(text).problems.map(({ line, column, path, message }) => `${line}:${column} ${path} ${message}`);

/** A file with two jobs that nothing is wrong with. */
export const GOOD = `version: 1
streams:
  spotify.artists: { queries: [rock] }
  ticketmaster.events: { countries: [US, NO], horizon_days: 90 }
jobs:
  daily:
    schedule: cron(0 2 * * ? *)
    streams: [spotify.artists, ticketmaster.events]
    sinks: [s3_raw, kinesis]
  hourly:
    streams: [ticketmaster.events]
    sinks: [kinesis]
    overrides:
      ticketmaster.events: { horizon_days: 7, max_rejected: 0 }
`;
