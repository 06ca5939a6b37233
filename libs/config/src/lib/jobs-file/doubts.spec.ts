import { parseJobsFile } from './parse-jobs-file.js';

const warningsOf = (markets: string): readonly string[] =>
  parseJobsFile(
    `version: 1
streams:
  ticketmaster.events:
    markets:
${markets
  .trim()
  .split('\n')
  .map((line) => `      ${line.trim()}`)
  .join('\n')}
jobs: { j: { streams: [ticketmaster.events], sinks: [s3_raw] } }
`,
    'loadin.jobs.yaml',
  ).warnings;
const place = 'streams.ticketmaster.events.markets';

describe('states of a market that find nothing, which the source does not say,', () => {
  it('are told where the country has none', () => {
    expect(
      warningsOf(`
      - { country: US, states: [CA] }
      - { country: SE, states: [NY] }`),
    ).toEqual([
      `loadin.jobs.yaml:6:32 ${place}.1.states finds nothing in SE: the source has states of AU, CA, MX, US; elsewhere give city or around`,
    ]);
  });

  it('are told where they are those of another country', () => {
    expect(warningsOf('- { country: AU, states: [NSW, NY, WA, TX] }')).toEqual([
      `loadin.jobs.yaml:5:32 ${place}.0.states finds nothing in NY, TX: AU has ACT, NSW, NT, QLD, SA, TAS, VIC, WA`,
    ]);
  });

  it('are believed where the source writes them in its own way', () => {
    expect(warningsOf('- { country: MX, states: [CMX, JAL] }')).toEqual([]);
  });

  it('are told in overrides, too', () => {
    const text = `{ version: 1, streams: { ticketmaster.events: { countries: [SE] } }, jobs: { j: { streams: [ticketmaster.events], sinks: [s3_raw],
      overrides: { ticketmaster.events: { markets: [{ country: DE, states: [BE] }] } } } } }`;
    expect(parseJobsFile(text, 'jobs.json').warnings).toEqual([
      expect.stringContaining('jobs.j.overrides.ticketmaster.events.markets.0.states finds nothing in DE'),
    ]);
  });
});
