import type { Attempt } from '../evidence.js';
import type { BadEvidence } from './bad-evidence.fixture.js';
import { editAttempt, editEvent, editState, eventsOf, moveObject } from './edits.fixture.js';
import { attempt, keys, lease, RUN, sinks, type Draft } from './evidence.fixture.js';

const ends = 'every process ends with the status that its report says';
const time = '2026-03-01T02:00:00Z';
const progress = keys.progress(RUN, 0);
const report = (change: object): Attempt['report'] =>
  ({ status: 'complete', already_complete: false, problems: [], streams: [], ...change }) as unknown as Attempt['report'];
/** One more process, which did nothing. */
const another = (change: Partial<Attempt>) => (draft: Draft) => void draft.attempts.unshift(attempt('b1', 'daily', time, change));
const exit = (status: number | undefined, rest: Partial<Attempt['exit']> = {}): Attempt['exit'] => ({
  status,
  signal: undefined,
  stdout: '',
  stderr: 'said',
  ...rest,
});

/** Processes that don't keep their leases, or don't end as they should. */
export const badProcess: readonly BadEvidence[] = [
  {
    check: 'a run that is noted as complete has its report by then',
    what: 'it comes later',
    change: (draft) => moveObject(draft, keys.report('daily', RUN), draft.events.length),
    finding: /noted as complete at event \d+, before a report said so/,
  },
  {
    check: 'who was fenced writes nothing more',
    what: 'a state of an earlier holder',
    change: (draft) =>
      draft.state.push({ key: progress, attempt: 'a1', event: 900, value: { ...sinks(4, 3, 1), ...lease('h/1/a1', 1, 2) } as never }),
    finding: /a1 wrote at event 900, although it was somebody else's by then/,
  },
  {
    check: 'who was fenced writes nothing more',
    what: 'one that does not know of leases',
    change: (draft) => draft.state.push({ key: progress, attempt: 'a1', event: 900, value: sinks(4, 3, 1) }),
    finding: /a1 wrote at event 900/,
  },
  {
    check: 'a lease is taken over only when its owner was silent for its length',
    what: 'at once',
    change: (draft) => editEvent(draft, eventsOf(draft, 'a1', 'lease taken')[0]?.number ?? 0, { at: eventsOf(draft, 'a2', 'lease taken')[0]?.at }),
    finding: /a2 took it from a1 at event \d+, which was silent for 0 ms of 1000/,
  },
  {
    check: 'nobody works on a slice that it never held while another one holds it',
    what: 'a raw object',
    change: (draft) => editEvent(draft, eventsOf(draft, 'a2', 'raw object put')[0]?.number ?? 0, { attempt: 'a3' }),
    finding: /a3 did "raw object put" at event \d+, while a2 held it/,
  },
  {
    check: 'a process that ended by itself leaves no lease behind',
    what: 'it does',
    change: (draft) =>
      editState(draft, keys.progress(RUN, 1), (value, { event }) =>
        event === Math.max(...draft.state.filter(({ key }) => key === keys.progress(RUN, 1)).map((one) => one.event)) ? null : value,
      ),
    finding: /a2 ended with status 0 and still holds it/,
  },
  {
    check: ends,
    what: 'complete, and not 0',
    change: another({ exit: exit(1), report: report({}) }),
    finding: /b1: status 1, and its report says complete/,
  },
  {
    check: ends,
    what: '0 with problems',
    change: another({ report: report({ problems: ['truncated'] }) }),
    finding: /b1: status 0, and its report says complete with problems/,
  },
  {
    check: ends,
    what: 'stopped for no reason',
    change: another({ exit: exit(3), report: report({ status: 'stopped' }) }),
    finding: /b1: it stopped for the reason undefined/,
  },
  {
    check: ends,
    what: 'cancelled by nobody',
    change: another({ exit: exit(3), report: report({ status: 'stopped', reason: 'cancelled' }) }),
    finding: /nobody asked for that/,
  },
  { check: ends, what: 'without a word', change: another({ exit: exit(1, { stderr: '' }) }), finding: /b1: status 1 without a word/ },
  { check: ends, what: '0 without a report', change: another({}), finding: /b1: status 0 without a report/ },
  { check: ends, what: 'another status', change: another({ exit: exit(13) }), finding: /status 13 is none of ours/ },
  { check: ends, what: 'a signal', change: another({ exit: exit(undefined, { signal: 'SIGSEGV' }) }), finding: /died of SIGSEGV, which nobody sent/ },
  {
    check: ends,
    what: 'wrong settings found too late',
    change: (draft) => editAttempt(draft, 'a2', { exit: exit(2) }),
    finding: /a2: status 2, although it had begun to work/,
  },
  {
    check: ends,
    what: 'a stop in calm weather',
    change: another({ weather: 'calm', exit: exit(3), report: report({ status: 'stopped', reason: 'lease' }) }),
    finding: /it stopped in calm weather/,
  },
  {
    check: 'nobody ends with an error that nobody foresaw, or shows a stack',
    what: 'a stack',
    change: another({ exit: exit(1, { stderr: 'Error: x\n    at f (file:///a/b.js:1:2)\n' }) }),
    finding: /b1 printed a stack: at f/,
  },
  {
    check: 'nobody ends with an error that nobody foresaw, or shows a stack',
    what: 'a bug',
    change: another({ exit: exit(1, { stderr: 'Unexpected error: TypeError: x is undefined\n' }) }),
    finding: /b1: Unexpected error: TypeError/,
  },
  {
    check: 'nobody ends with an error that nobody foresaw, or shows a stack',
    what: 'in a report',
    change: another({ report: report({ streams: [{ stream: 's', error: { unexpected: true, name: 'TypeError', message: 'x' } }] }) }),
    finding: /b1: s: TypeError: x/,
  },
];
