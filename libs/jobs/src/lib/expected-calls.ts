import type { JobDefinition, JobStream } from '@loadin/config';

/** What a run of a job will ask its sources for, as far as it can be told before asking: one clause a source. */
export function expectedCalls(job: JobDefinition): string {
  const spotify = { least: 0, most: 0 };
  let ticketmaster = 0;
  for (const stream of job.streams) {
    if (stream.id === 'spotify.artists') {
      spotify.least += stream.options.queries.length + stream.options.ids.length;
      spotify.most += mostOf(stream);
    } else ticketmaster += leastOf(stream);
  }
  const clauses: string[] = [];
  if (spotify.most > 0) clauses.push(`${spotify.least} to ${spotify.most} calls to Spotify`);
  if (ticketmaster > 0) clauses.push(`${ticketmaster} or more calls to Ticketmaster (large countries take more; 5,000 a day are allowed)`);
  return `${job.name}: ${clauses.join(', ')}`;
}

/** Ten results a page; artists by id one by one; a token. */
const mostOf = ({ options }: JobStream & { id: 'spotify.artists' }): number =>
  options.queries.length * Math.ceil(options.max_per_query / 10) + options.ids.length + 1;

/** A country takes one search for its venues; for its events one for the dated ones and two for those whose date is not known. */
const leastOf = ({ id, options }: Exclude<JobStream, { id: 'spotify.artists' }>): number =>
  options.countries.length * (id === 'ticketmaster.events' ? 3 : 1);
