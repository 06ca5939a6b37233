import type { LoggedCall } from '@loadin/upstreams';
import { runThrough, type Attempt, type Run } from './attempts.js';
import { calm } from './scenario.js';
import { checks } from './suite.js';
import { createTruths, type Truth } from './truth.js';
import { canaries, startWorld, type World } from './world.js';

const selection = {
  name: 'one country',
  queries: ['velvet'],
  ids: 3,
  extended: false,
  countries: ['IE'],
  venueCountries: ['IE'],
  horizonDays: 90,
};

describe('the checks of a storm', () => {
  let world: World;
  let truth: Truth;
  let run: Run;
  beforeAll(async () => {
    world = await startWorld();
    truth = await createTruths(world)(selection);
    run = await runThrough(world, { ...calm(selection), seed: 5, rates: { serverError: 0.05 } });
  });
  afterAll(() => world.close());

  const findings = (changed: Partial<Run>): string[] => checks.flatMap((check) => check.find({ ...run, ...changed }, truth)).flat();
  const batches = (change: (records: readonly Record_[], dataType: string) => readonly Record_[]): Partial<Run> => ({
    sink: { ...run.sink, batches: run.sink.batches.map((batch) => ({ ...batch, records: change(batch.records, batch.dataType) })) },
  });
  type Record_ = Run['sink']['records'][number];
  const attempt = (change: (last: Attempt) => Attempt): Partial<Run> => ({
    attempts: run.attempts.map((each, i) => (i === run.attempts.length - 1 ? change(each) : each)),
  });
  const more = (...calls: Partial<LoggedCall>[]): Partial<Run> =>
    attempt((last) => ({
      ...last,
      calls: [
        ...last.calls,
        ...calls.map((call, i): LoggedCall => ({
          at: 2e12 + i * 60_000,
          api: 'ticketmaster',
          method: 'GET',
          target: '/discovery/v2/events.json?page=0',
          status: 200,
          ...call,
        })),
      ],
    }));
  const report = (change: (last: Attempt['report']) => Partial<Attempt['report']>): Partial<Run> =>
    attempt((last) => ({ ...last, report: { ...last.report, ...change(last.report) } }));

  it('look at every behaviour of these sources that a storm can show', () => {
    // 13 is a refusal that does not pass, 25 is about sources of another kind.
    const rest = Array.from({ length: 24 }, (_, i) => i + 1).filter((behaviour) => behaviour !== 13);
    expect([...new Set(checks.flatMap(({ behaviours }) => [...behaviours]))].sort((a, b) => a - b)).toEqual(rest);
  });

  it('find nothing in a run that is as it should be', () => {
    expect(findings({})).toEqual([]);
  });

  it.each<[string, () => Partial<Run>, RegExp]>([
    ['a lost record', () => batches((records, type) => (type === 'events' ? records.slice(1) : records)), /1 of \d+ events are lost/],
    [
      'a record that came twice',
      () => batches((records, type) => (type === 'venues' ? [...records, ...records.slice(0, 1)] : records)),
      /1 venues arrived twice/,
    ],
    [
      'a record from nowhere',
      () => batches((records) => records.map((record, i) => (i === 0 ? { ...record, id: `${record.id}x` } : record))),
      /not in the catalogue's selection/,
    ],
    [
      'another record',
      () => batches((records, type) => (type === 'artists' ? records.map((record) => ({ ...record, hash: '0' })) : records)),
      /artists differ from those of a calm run/,
    ],
    [
      'a ledger that does not balance',
      () =>
        report(({ streams }) => ({ streams: streams.map((stream) => ({ ...stream, ledger: { ...stream.ledger, read: stream.ledger.read + 1 } })) })),
      /read \d+ is not/,
    ],
    [
      'a rejection',
      () => report(({ streams }) => ({ streams: streams.map((stream) => ({ ...stream, ledger: { ...stream.ledger, rejected: 1 } })) })),
      /records were rejected/,
    ],
    [
      'a pending record',
      () =>
        report(({ streams }) => ({
          streams: streams.map((stream) => ({
            ...stream,
            ledger: { ...stream.ledger, sinks: { memory: { delivered: 0, dead_lettered: 0, pending: 1 } } },
          })),
        })),
      /1 pending/,
    ],
    [
      'uncounted nulls',
      () => report(({ streams }) => ({ streams: streams.map((stream) => ({ ...stream, ledger: { ...stream.ledger, null_entries: 0 } })) })),
      /null entries were counted/,
    ],
    [
      'an error that nobody foresaw',
      () =>
        report(({ streams }) => ({
          status: 'failed',
          streams: streams.map((stream) => ({
            ...stream,
            error: { name: 'TypeError', action: 'fatal', unexpected: true, message: 'x is undefined' },
          })),
        })),
      /no attempt can mend/,
    ],
    [
      'a false note of truncation',
      () =>
        report(({ streams }) => ({
          streams: streams.map((stream) => ({ ...stream, notes: [{ kind: 'truncated', message: '2 of 3', missing: 2 }] })),
        })),
      /truncated: 2 of 3/,
    ],
    [
      'a stop without an end',
      () =>
        report(({ streams }) => ({
          status: 'stopped',
          resume_after: undefined,
          streams: streams.map((stream) => ({ ...stream, error: { name: 'StopError', action: 'stop', message: 'used up' } })),
        })),
      /without resume_after/,
    ],
    [
      'a secret in a log',
      () => ({
        logger: {
          ...run.logger,
          lines: [{ level: 'info', message: 'call', fields: { url: `/?apikey=${encodeURIComponent(canaries.ticketmasterApiKey)}` } }],
        },
      }),
      /a secret .* is in: log "call"/,
    ],
    [
      'a secret in the lake',
      () => ({ lake: { ...run.lake, objects: new Map([['a', { body: Buffer.from(canaries.spotifyClientSecret), options: {}, writes: 1 }]]) } }),
      /is in: lake a/,
    ],
    ['a token in a report', () => report(() => ({ problems: [`Bearer BQ${'x'.repeat(60)}`] })), /is in: report/],
    ['six calls in a second', () => more(...Array.from({ length: 6 }, (_, i) => ({ at: 2e12 + i }))), /6 calls to Ticketmaster within a second/],
    ['a 429 of its own making', () => more({ status: 429 }), /1 answers 429, but the storm made 0/],
    ['a search for 20', () => more({ api: 'spotify', target: '/v1/search?q=a&limit=20&offset=0' }), /asked for 20 when at most 10/],
    ['a search beyond 1,000', () => more({ api: 'spotify', target: '/v1/search?q=a&limit=10&offset=995' }), /asked for 10 from 995 on/],
    [
      'a limit that is forgotten',
      () =>
        more(
          { api: 'spotify', target: '/v1/search?q=a&limit=10&offset=0', status: 400 },
          { api: 'spotify', target: '/v1/search?q=a&limit=10&offset=0' },
        ),
      /asked for 10 when at most 9/,
    ],
    [
      'a refusal that is paid twice',
      () => more({ api: 'spotify', target: '/v1/artists?ids=a', status: 403 }, { api: 'spotify', target: '/v1/artists?ids=b', status: 403 }),
      /refused more than once: artists/,
    ],
    [
      'too many tokens',
      () =>
        more(
          ...Array.from({ length: 90 }, (_, i) => ({ at: (run.attempts[0]?.calls[0]?.at ?? 0) + i, api: 'accounts' as const, target: '/api/token' })),
        ),
      /tokens in \d/,
    ],
    ['a token that ran out', () => more({ api: 'spotify', status: 401, target: '/v1/artists/a' }), /401 although no token ended/],
    ['a wrong call', () => more({ status: 400 }), /1 calls were wrong: 400/],
    [
      'calls to a service that is down',
      () => ({ scenario: { ...run.scenario, outage: { api: 'spotify' as const, afterSeconds: 0, seconds: 9 } }, outageCalls: 9 }),
      /9 calls to spotify within 9 s in which it was down/,
    ],
    ['hammering', () => more(...Array.from({ length: 200 }, () => ({}))), /calls, although a calm run makes/],
  ])('find %s', (_what, changed, finding) => {
    expect(findings(changed()).join('\n')).toMatch(finding);
  });
});
