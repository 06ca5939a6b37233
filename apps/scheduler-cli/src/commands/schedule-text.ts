import type { JobSchedule } from '@loadin/jobs';
import { dueTimes, toCrontab, toEventBridge, toSystemdCalendar, type Schedule, type Translation } from '@loadin/schedules';
import { renderTable } from '../render/table.js';
import { instant } from '../render/units.js';

export interface ShownSchedules {
  readonly jobs: readonly JobSchedule[];
  readonly jobsFile: string;
  /** Epoch milliseconds. */
  readonly from: number;
  readonly count: number;
}

const iso = (at: number): string => new Date(at).toISOString().replace('.000Z', 'Z');
const zoneOf = (schedule: Schedule): string => (schedule.kind === 'rate' ? 'UTC' : schedule.zone);

function nextRuns(schedule: Schedule, from: number, count: number): string[] {
  const found: string[] = [];
  for (const at of dueTimes(schedule, from)) if (found.push(iso(at)) === count) break;
  return found;
}

/** A line for each run, the first one with the job. */
export function scheduleText({ jobs, jobsFile, from, count }: ShownSchedules): string {
  const rows = jobs.flatMap(({ job, schedule }) => {
    if (schedule === undefined) return [[job, '–', '', 'on request']];
    const [first = 'never again', ...others] = nextRuns(schedule, from, count).map(instant);
    return [[job, schedule.text, zoneOf(schedule), first], ...others.map((other) => ['', '', '', other])];
  });
  return `${renderTable([{ title: 'JOB' }, { title: 'SCHEDULE' }, { title: 'ZONE' }, { title: 'NEXT RUNS' }], rows).join('\n')}\n\n${jobsFile}\n`;
}

export function scheduleJson({ jobs, jobsFile, from, count }: ShownSchedules): string {
  const said = <Value>(translation: Translation<Value>): Value | { readonly refused: string } =>
    translation.exact ? translation.value : { refused: translation.reason };
  const shown = jobs.map(({ job, schedule }) =>
    schedule === undefined
      ? { job, schedule: null }
      : {
          job,
          schedule: schedule.text,
          zone: zoneOf(schedule),
          next: nextRuns(schedule, from, count),
          crontab: said(toCrontab(schedule, { zone: zoneOf(schedule), from })),
          systemd: said(toSystemdCalendar(schedule, { from })),
          eventbridge: said(toEventBridge(schedule)),
        },
  );
  return `${JSON.stringify({ jobs_file: jobsFile, from: iso(from), jobs: shown })}\n`;
}
