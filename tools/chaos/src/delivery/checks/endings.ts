import type { Check } from '../check.js';
import type { Attempt, Evidence } from '../evidence.js';
import { contentOf } from './reading/raw-zone.js';

const REASONS = ['deadline', 'quota', 'cancelled', 'lease'];

/** `    at file:///…:12:34`, `at async f (/…:12:34)` */
const STACK = /^\s+at .+:\d+:\d+\)?$/m;

const WORK = new Set(['page landed', 'raw object put', 'records put', 'progress saved', 'checkpoint moved']);

export const endings: readonly Check[] = [
  {
    name: 'every process ends with the status that its report says',
    find: (evidence) =>
      evidence.attempts.filter(({ kind }) => kind === 'cli').flatMap((attempt) => endOf(attempt, evidence).map((fault) => `${attempt.id}: ${fault}`)),
  },
  {
    name: 'nobody ends with an error that nobody foresaw, or shows a stack',
    find: ({ attempts }) =>
      attempts.flatMap(({ id, exit: { stdout, stderr }, report }) => [
        ...[stdout, stderr].filter((text) => STACK.test(text)).map((text) => `${id} printed a stack: ${(STACK.exec(text)?.[0] ?? '').trim()}`),
        ...(stderr.includes('Unexpected error') ? [`${id}: ${stderr.slice(stderr.indexOf('Unexpected error')).split('\n')[0]}`] : []),
        ...(report?.streams ?? []).flatMap(({ stream, error }) =>
          error?.unexpected === true ? [`${id}: ${stream}: ${error.name}: ${error.message}`] : [],
        ),
      ]),
  },
  {
    name: 'no secret is in anything that was written or printed',
    find(evidence) {
      const forms = (evidence.secrets ?? []).flatMap(formsOf);
      const found = new Set<string>();
      for (const [where, text] of everything(evidence)) if (forms.some((form) => text.includes(form))) found.add(`a secret is in ${where}`);
      return [...found].slice(0, 10);
    },
  },
];

function endOf({ exit, report, killed, terminated, id, weather }: Attempt, { events, acts }: Evidence): string[] {
  const { status, signal, stderr } = exit;
  if (status === undefined)
    return killed !== undefined || signal === 'SIGKILL' ? [] : [`it died of ${signal}${terminated === undefined ? ', which nobody sent' : ''}`];
  const worked = events.some((event) => event.attempt === id && event.done && event.step !== undefined && WORK.has(event.step));
  if (status === 2) {
    const meddled = acts.some(({ kind }) => kind === 'checkpoint damaged');
    return [
      ...(worked ? ['status 2, although it had begun to work'] : []),
      ...(meddled ? [] : [`status 2, although nothing was wrong with its settings: ${stderr.trim().split('\n').slice(0, 2).join(' ')}`]),
    ];
  }
  if (![0, 1, 3].includes(status)) return [`status ${status} is none of ours`];
  if (report === undefined) {
    const said = stderr.trim() !== '';
    return [...(status === 0 ? ['status 0 without a report'] : []), ...(said ? [] : [`status ${status} without a word`])];
  }
  const expected = expectedStatus(report);
  return [
    ...(status === expected
      ? []
      : [
          `status ${status}, and its report says ${report.status}${report.already_complete ? ' (already complete)' : ''}${report.problems.length > 0 ? ' with problems' : ''}`,
        ]),
    ...(report.status === 'stopped' && !REASONS.includes(report.reason ?? '') ? [`it stopped for the reason ${String(report.reason)}`] : []),
    ...(report.status === 'failed' && report.problems.length === 0 ? ['it failed without a problem'] : []),
    ...(report.status === 'stopped' && report.reason === 'cancelled' && terminated === undefined
      ? ['it says that it was cancelled, and nobody asked for that']
      : []),
    ...(weather === 'calm' && status === 3 ? [`it stopped in calm weather: ${report.problems.join('; ') || String(report.reason)}`] : []),
  ];
}

function expectedStatus({ status, already_complete: before, problems }: NonNullable<Attempt['report']>): number {
  if (before) return 0;
  if (status === 'stopped') return 3;
  return status === 'complete' && problems.length === 0 ? 0 : 1;
}

/** How a text may look where it leaks. */
const formsOf = (secret: string): readonly string[] => [
  secret,
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
];

function* everything({ versions, state, attempts }: Evidence): Generator<readonly [where: string, text: string]> {
  for (const object of versions) yield [object.key, readable(object)];
  for (const { key, value } of state) yield [`state item ${key}`, JSON.stringify(value) ?? ''];
  for (const { id, exit } of attempts) yield [`the output of ${id}`, `${exit.stdout}\n${exit.stderr}`];
}

function readable(object: Evidence['versions'][number]): string {
  try {
    return contentOf(object).toString('utf8');
  } catch {
    return ''; // that it can't be read is another check's finding
  }
}
