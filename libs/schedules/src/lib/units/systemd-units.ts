import { toSystemdCalendar } from '../translate/to-systemd.js';
import { checkPlace } from './place.js';
import type { CommandPlace, JobCommand, Refused } from './types.js';

export interface SystemdOptions extends CommandPlace {
  /** Who runs the services. Default: root, as systemd has it; of user units the user. */
  readonly user?: string;
  /** After how many seconds a service is started again that did not end well, and the exit statuses after which it is not. Default: it never is. */
  readonly restart?: { readonly seconds: number; readonly not: readonly number[] };
  /** From when on it has to be right, epoch milliseconds. Default: now. */
  readonly from?: number;
}

export interface UnitFile {
  /** `loadin-daily.timer` */
  readonly name: string;
  readonly text: string;
}

/** A service and a timer for each job. Throws `FatalError` for paths that are not absolute. */
export function systemdUnits(
  jobs: readonly JobCommand[],
  options: SystemdOptions,
): { readonly files: readonly UnitFile[]; readonly refused: Refused } {
  checkPlace(options, jobs);
  const refused: { job: string; reason: string }[] = [];
  const files = jobs.flatMap((job): UnitFile[] => {
    const calendars = toSystemdCalendar(job.schedule, { from: options.from });
    if (!calendars.exact) {
      refused.push({ job: job.job, reason: calendars.reason });
      return [];
    }
    const name = `loadin-${job.job}`;
    return [
      { name: `${name}.service`, text: service(job, options) },
      { name: `${name}.timer`, text: timer(job, calendars.value) },
    ];
  });
  return { files, refused };
}

function service({ job, command }: JobCommand, { folder, environmentFile, user, restart }: SystemdOptions): string {
  return lines([
    '[Unit]',
    `Description=Loadin: the job ${job}`,
    'Wants=network-online.target',
    'After=network-online.target',
    '',
    '[Service]',
    // A job that is under way is not started again: the timer waits for the end of the service.
    'Type=oneshot',
    ...(user === undefined ? [] : [`User=${user}`]),
    `WorkingDirectory=${literal(folder)}`,
    ...(environmentFile === undefined ? [] : [`EnvironmentFile=${literal(environmentFile)}`]),
    `ExecStart=${commandLine(command)}`,
    ...(restart === undefined ? [] : ['Restart=on-failure', `RestartPreventExitStatus=${restart.not.join(' ')}`, `RestartSec=${restart.seconds}`]),
    // SIGTERM lets it finish the batch under way.
    'TimeoutStopSec=300',
  ]);
}

function timer({ job, schedule }: JobCommand, calendars: readonly string[]): string {
  return lines([
    '[Unit]',
    `Description=Loadin: when the job ${job} is due, ${schedule.text}`,
    '',
    '[Timer]',
    ...calendars.map((calendar) => `OnCalendar=${calendar}`),
    // What passed while the machine was off is made up for once.
    'Persistent=true',
    'AccuracySec=1s',
    `Unit=loadin-${job}.service`,
    '',
    '[Install]',
    'WantedBy=timers.target',
  ]);
}

const lines = (all: readonly string[]): string => `${all.join('\n')}\n`;

/** A % begins a specifier. */
const literal = (text: string): string => text.replaceAll('%', '%%');

/** A $ begins a variable, but not in the program. https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#Command%20lines */
function commandLine([program, ...more]: readonly string[]): string {
  return [quoted(literal(program ?? '')), ...more.map((text) => quoted(literal(text).replaceAll('$', '$$$$')))].join(' ');
}

const quoted = (text: string): string => (/^[\w./:=@+%-]+$/.test(text) ? text : `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`);
