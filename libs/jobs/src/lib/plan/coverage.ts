import type { JobDefinition, JobStream } from '@loadin/config';

/** What is promised of a stream's horizon: when everything of it has been read, if no run is left out. */
export function coverageOf(stream: JobStream, { schedule }: JobDefinition): string[] {
  if (stream.id !== 'ticketmaster.events') return [];
  const { horizon_days, refresh, countries = [], markets } = stream.options;
  const where = markets.length === 0 ? '' : countries.length === 0 ? ' in its markets' : ' in its countries and markets';
  if (refresh !== undefined)
    return [
      `every event of the next ${horizon_days} days${where} is read at least once in ${refresh.coverage_hours} h, by runs every ${refresh.every_hours} h; ` +
        `those of the next ${refresh.near_days} days and those without a date by every run`,
    ];
  return [`every event of the next ${horizon_days} days${where} is read by every run${schedule === undefined ? '' : ` (${schedule})`}`];
}
