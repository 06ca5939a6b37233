import type { LoggedCall, StormKind } from '@loadin/upstreams';
import type { Run } from '../attempts.js';
import { some, type Check } from './check.js';

const queryOf = ({ target }: LoggedCall): URLSearchParams => new URLSearchParams(target.split('?')[1] ?? '');
const isSearch = ({ target }: LoggedCall): boolean => target.startsWith('/v1/search?');
const allCalls = ({ attempts }: Run): LoggedCall[] => attempts.flatMap(({ calls }) => calls);
const struck = ({ storm }: Run, ...kinds: readonly StormKind[]): number => kinds.reduce((sum, kind) => sum + (storm?.struck[kind] ?? 0), 0);
const each = (run: Run, find: (calls: readonly LoggedCall[], name: string) => readonly string[]): string[] =>
  run.attempts.flatMap(({ calls }, index) => find(calls, `attempt ${index + 1}`));

function mostWithin(times: readonly number[], windowMs: number): number {
  let first = 0;
  return times.reduce((most, at, index) => {
    while ((times[first] ?? at) <= at - windowMs) first += 1;
    return Math.max(most, index - first + 1);
  }, 0);
}

/** Good answers that a busy machine gave too late, so that nobody heard them: they excuse a repetition each. */
function late(run: Run): number {
  const timeouts = run.logger.lines.filter(({ message, fields }) => message.endsWith('call is repeated') && fields['reason'] === 'timeout');
  return Math.max(0, timeouts.length - struck(run, 'hang'));
}

/** Pages of a slice that are fetched before they are landed: an attempt that ends early can lose so many. */
const groupPages = 20;

export const manners: readonly Check[] = [
  {
    name: 'the rates of the sources are kept, and no 429 is one that the client brought upon itself',
    behaviours: [14, 23],
    find(run) {
      const calls = allCalls(run);
      const of = (api: LoggedCall['api']): number[] => calls.filter((call) => call.api === api).map(({ at }) => at);
      const [second, halfMinute] = [mostWithin(of('ticketmaster'), 1_000), mostWithin(of('spotify'), 30_000)];
      const refused = calls.filter(({ status }) => status === 429).length;
      const wanted = struck(run, 'tooManyRequests', 'spikeArrest', 'longRetryAfter', 'quotaExceeded');
      return [
        ...(second <= 5 ? [] : [`${second} calls to Ticketmaster within a second`]),
        ...(halfMinute <= 170 ? [] : [`${halfMinute} calls to Spotify within 30 seconds`]),
        ...(refused === wanted ? [] : [`${refused} answers 429, but the storm made ${wanted}`]),
      ];
    },
  },
  {
    name: 'a search asks for at most 10, never beyond 1,000, and for less for ever after "Invalid limit"',
    behaviours: [5, 6],
    find: (run) =>
      each(run, (calls, attempt) => {
        let most = 10;
        const wrong: string[] = [];
        for (const call of calls.filter(isSearch)) {
          const [limit, offset] = [Number(queryOf(call).get('limit')), Number(queryOf(call).get('offset'))];
          if (limit > most) wrong.push(`${attempt}: a search asked for ${limit} when at most ${most} are given`);
          if (limit + offset > 1_000) wrong.push(`${attempt}: a search asked for ${limit} from ${offset} on`);
          if (call.status === 400 && isHeard(call)) most = limit - 1;
        }
        return wrong.slice(late(run), late(run) + 3);
      }),
  },
  {
    name: 'a withheld endpoint is refused once in an attempt',
    behaviours: [11, 12],
    find: (run) =>
      each(run, (calls, attempt) => {
        const refused = calls
          .filter((call) => call.status === 403 && isHeard(call))
          .map(({ target }) => (target.startsWith('/v1/artists?') ? 'artists' : (target.split('/').pop() ?? '').split('?')[0]));
        const twice = refused.filter((name, index) => refused.indexOf(name) !== index);
        return twice.length > late(run) ? [`${attempt}: refused more than once: ${some(new Set(twice))}`] : [];
      }),
  },
  {
    name: 'one token at a time: a new one only when the last one ended',
    behaviours: [1, 2, 3],
    find(run) {
      const { tokenTtlSeconds } = run.scenario;
      const expired = struck(run, 'tokenExpired');
      const wrong = each(run, (calls, attempt) => {
        const tokens = calls.filter(({ api, status }) => api === 'accounts' && status === 200);
        const spoiled = run.storm === undefined ? 0 : struck(run, 'malformedJson', 'emptyBody', 'truncatedBody');
        const seconds = ((calls[calls.length - 1]?.at ?? 0) - (calls[0]?.at ?? 0)) / 1_000;
        const ends = 1 + expired + Math.ceil(seconds / (tokenTtlSeconds * 0.5));
        return tokens.length <= ends + spoiled + late(run)
          ? []
          : [`${attempt}: ${tokens.length} tokens in ${seconds} s, although at most ${ends} ended`];
      });
      const refused = allCalls(run).filter(({ status }) => status === 401).length;
      return refused > 0 && expired === 0 ? [...wrong, `${refused} answers 401 although no token ended before its time`] : wrong;
    },
  },
  {
    name: 'no call is made that the sources call wrong',
    behaviours: [16, 17, 19],
    find(run) {
      const wrong = allCalls(run).filter((call) => call.status >= 400 && call.status < 500 && !isExpected(call));
      return wrong.length > 0 ? [`${wrong.length} calls were wrong: ${some(wrong.map(({ status, target }) => `${status} ${target}`))}`] : [];
    },
  },
  {
    name: 'the storm costs no more calls than it spoiled: nobody hammers',
    behaviours: [16],
    find(run, { calm }) {
      const hits = Object.values(run.storm?.struck ?? {}).reduce((sum, n) => sum + n, 0) + run.outageCalls;
      const usual = allCalls(calm);
      const searches = usual.filter(isSearch).length;
      const slices = (run.attempts[0]?.report.streams ?? []).reduce((sum, { slices: { planned } }) => sum + planned, 0);
      const smaller = struck(run, 'searchLimit') > 0 ? searches * 1.5 : 0; // 4 at once instead of 10
      const restarts = run.attempts.length - 1;
      const most = usual.length + smaller + 2 * hits + 2 * late(run) + 5 * struck(run, 'drift') + restarts * (slices * groupPages + 5);
      const made = allCalls(run).length;
      return made <= most ? [] : [`${made} calls, although a calm run makes ${usual.length} and the storm spoiled ${hits}`];
    },
  },
  {
    name: 'a service that is down is left alone after a few tries',
    behaviours: [16],
    find({ scenario: { retries, outage }, attempts, outageCalls }) {
      if (outage === undefined) return [];
      const source = outage.api === 'ticketmaster' ? 'ticketmaster' : 'spotify';
      const readers = (attempts[0]?.report.streams ?? [])
        .filter((stream) => stream.source === source)
        .reduce((sum, { slices }) => sum + slices.planned, 0);
      const most = (1 + retries) * readers * (1 + Math.floor(outage.seconds / 60));
      return outageCalls <= most
        ? []
        : [`${outageCalls} calls to ${outage.api} within ${outage.seconds} s in which it was down; at most ${most} were due`];
    },
  },
];

/** A refusal that broke off on its way is one that nobody heard. */
const isHeard = ({ fault }: LoggedCall): boolean => fault !== 'truncatedBody';

/** Expired tokens, rates, withheld endpoints, unknown ids, and a search that learns its limit. */
function isExpected(call: LoggedCall): boolean {
  const { status, api, target } = call;
  if (status === 401) return api === 'spotify';
  if (status === 403) return api === 'spotify' && target.startsWith('/v1/artists');
  if (status === 404) return target.startsWith('/v1/artists/');
  return status === 429 || (status === 400 && isSearch(call));
}
