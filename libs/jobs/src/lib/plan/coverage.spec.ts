import { parseJobsFile } from '@loadin/config';
import { coverageOf } from './coverage.js';

describe('coverageOf', () => {
  it.each([
    ['countries: [SE]', 'every event of the next 30 days is read by every run'],
    ['markets: [{ country: SE, city: Malmö }]', 'every event of the next 30 days in its markets is read by every run'],
    [
      'countries: [IE]\n    markets: [{ country: SE, city: Malmö }]',
      'every event of the next 30 days in its countries and markets is read by every run',
    ],
  ])('says of what it is a promise: %j', (follow, promise) => {
    const text = `version: 1\nstreams:\n  ticketmaster.events:\n    horizon_days: 30\n    ${follow}\njobs:\n  mine: { streams: [ticketmaster.events], sinks: [s3_raw] }\n`;
    const job = parseJobsFile(text, 'jobs.yaml').jobs.get('mine');
    expect(job?.streams.flatMap((stream) => coverageOf(stream, job))).toEqual([promise]);
  });
});
