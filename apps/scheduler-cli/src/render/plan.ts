import type { Bytes, JobPlan, Range, SourceNeed, StreamNeed } from '@loadin/jobs';
import { renderTable } from './table.js';
import { bytes, count, duration, instant } from './units.js';

/** Slices and days named one by one before the rest is summed up. */
const NAMED = 14;
const right = (title: string) => ({ title, align: 'right' as const });

/** A plan for a terminal; `--json` has the same facts for programs. */
export function renderPlan(plan: JobPlan): string {
  const sections = [
    heading(plan),
    sourcesTable(plan.sources),
    streamsTable(plan.streams),
    refreshes(plan.streams),
    bytesAndCost(plan),
    coverage(plan),
    notes(plan),
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n')}\n`;
}

function heading({ job, scheduled_time, full_refresh, schedule, runs_per_month, seconds, jobs_file }: JobPlan): string[] {
  const often =
    schedule === null ? 'on request' : `${schedule}${runs_per_month === null ? '' : `, about ${count(Math.round(runs_per_month))} runs a month`}`;
  return [
    `${job} · ${often} · planned for ${instant(scheduled_time)}${full_refresh ? ' with --full-refresh' : ''} · ${jobs_file}`,
    `Nothing was called and nothing was spent. A run takes about ${time(seconds.expected)} at the sources' rates (${bounds(seconds, time)}).`,
  ];
}

function sourcesTable(sources: readonly SourceNeed[]): string[] {
  if (sources.length === 0) return []; // a database counts no calls
  const columns = [
    { title: 'SOURCE' },
    right('CALLS'),
    right('LEAST–MOST'),
    right('A SECOND'),
    right("DAY'S QUOTA"),
    right('A RUN'),
    right('A DAY'),
    right('ALL JOBS'),
    right('TIME'),
  ];
  const rows = sources.map(
    ({ source, calls, calls_per_second, calls_allowed_per_day, share_of_run, share_of_day, share_of_day_of_all_jobs: all, seconds }) => [
      source,
      number(calls.expected),
      bounds(calls, number),
      calls_per_second.toFixed(1),
      calls_allowed_per_day === null ? 'none known' : count(calls_allowed_per_day),
      share_of_run === null ? '' : share(share_of_run.expected),
      share_of_day === null ? '' : share(share_of_day.expected),
      all === null ? '' : share(all),
      time(seconds.expected),
    ],
  );
  return [...renderTable(columns, rows), ...sources.flatMap(tooMuch)];
}

/** A quota that will not do has to be seen. */
function tooMuch({ source, share_of_run, share_of_day_of_all_jobs }: SourceNeed): string[] {
  const most = Math.max(share_of_run?.expected ?? 0, share_of_day_of_all_jobs ?? 0);
  return most <= 1
    ? []
    : [`${source}: the quota of a day is not enough; a run that meets its end stops, and goes on with the same command when there is quota again`];
}

function streamsTable(streams: readonly StreamNeed[]): string[] {
  const columns = [
    { title: 'STREAM' },
    right('SLICES'),
    right('CALLS'),
    right('LEAST–MOST'),
    right('RECORDS'),
    { title: 'LAST TIME' },
    { title: 'THE NUMBERS REST ON' },
  ];
  const rows = streams.map(({ stream, slices, calls, records, last, basis }) => [
    stream,
    count(slices.length),
    number(calls.expected),
    bounds(calls, number),
    expectedRecords(records, last),
    last === null ? '' : `${plural(last.pages, 'page')}, ${plural(last.records, 'record')}, ${duration(last.duration_ms)}`,
    basis,
  ]);
  return [...renderTable(columns, rows), ...streams.filter(hasNamedSlices).map(({ stream, slices }) => `slices of ${stream}: ${someOf(slices)}`)];
}

/** An estimate is marked as one; `?` where there is none, as of what only a database knows before a first run. */
function expectedRecords({ least, expected, most }: Range, last: StreamNeed['last']): string {
  if (last === null && most === null && expected === 0) return '?';
  return `${least === most ? '' : '~'}${number(expected)}`;
}

/** The only slice of an entity is all of it, and its name says no more than that of the stream. */
const hasNamedSlices = ({ stream, slices }: StreamNeed): boolean =>
  slices.length !== 1 || !['all', stream.slice(stream.indexOf('.') + 1)].includes(slices[0] ?? '');

function refreshes(streams: readonly StreamNeed[]): string[] {
  return streams.flatMap(({ stream, refresh }) => {
    if (refresh === null) return [];
    const { windows, skipped, changed_days, share: part, read_by } = refresh;
    const left =
      skipped.length === 0 ? ', which is all of it' : `; it leaves ${share(1 - part)} for later runs, all of it read by ${instant(read_by ?? '')}`;
    return [
      `${stream} would read now: undated events and ${share(part)} of the horizon${left}`,
      ...windows.slice(0, NAMED).map(({ from, to }) => `  reads  ${instant(from)} to ${instant(to)}`),
      ...skipped.slice(0, NAMED).map(({ from, to }) => `  leaves ${instant(from)} to ${instant(to)}`),
      ...(changed_days.length === 0 ? [] : [`  something changed lately on ${someOf(changed_days)}`]),
    ];
  });
}

function bytesAndCost({ bytes: size, cost }: JobPlan): string[] {
  const money = (amount: number | null): string => (amount === null ? '' : `$${amount.toFixed(amount !== 0 && amount < 0.1 ? 5 : 2)}`);
  const rows = cost.items.map(({ service, what, quantity, per_run, per_month }) => [
    service,
    what,
    quantity < 10 && !Number.isInteger(quantity) ? quantity.toFixed(3) : count(Math.round(quantity)),
    money(per_run),
    money(per_month),
  ]);
  const columns = [{ title: 'AWS' }, { title: '' }, right('QUANTITY'), right('A RUN'), right('A MONTH')];
  return [
    written(size),
    '',
    ...renderTable(columns, [...rows, ['all', `${cost.region}, list prices of ${cost.prices_of}`, '', money(cost.per_run), money(cost.per_month)]]),
  ];
}

/** Entities are not landed: what is loaded of them are files. */
function written({ landing, raw, stream, bronze }: Bytes): string {
  if (bronze > 0) return `A run writes about ${bytes(bronze)} of Parquet files, if it finds as much as the last one.`;
  if (landing + raw + stream === 0) return 'How much a run writes is not known before the first one.';
  return `A run writes about ${bytes(landing)} of landed pages and ${bytes(raw)} of raw records${stream > 0 ? `, and puts ${bytes(stream)} on the stream` : ''}.`;
}

const coverage = ({ coverage: promises }: JobPlan): string[] => promises.map((promise) => `Coverage: ${promise}.`);

const notes = ({ notes: found }: JobPlan): string[] => found.map((note) => `note: ${note}`);

const plural = (value: number, what: string): string => `${count(value)} ${what}${value === 1 ? '' : 's'}`;

const number = (value: number): string => count(Math.round(value));

/** `3–40`, `40`, `3 or more`. */
function bounds({ least, most }: Range, text: (value: number) => string): string {
  if (most === null) return `${text(least)} or more`;
  return text(least) === text(most) ? text(least) : `${text(least)}–${text(most)}`;
}

const time = (seconds: number): string => duration(Math.max(1, Math.round(seconds)) * 1000).replace(/\.0 s$/, ' s');
const share = (value: number): string => `${(value * 100).toFixed(value < 0.1 ? 1 : 0)} %`;
const someOf = (names: readonly string[]): string =>
  names.length <= NAMED ? names.join(', ') : `${names.slice(0, NAMED).join(', ')} … (${count(names.length)})`;
