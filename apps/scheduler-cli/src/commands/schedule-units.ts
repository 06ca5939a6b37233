import { FatalError } from '@loadin/resilience';
import { crontabText, systemdUnits, type JobCommand, type Refused, type Schedule } from '@loadin/schedules';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { EXIT } from '../exit-status.js';
import type { Shell } from '../shell.js';
import { thisCommand } from '../this-command.js';

export interface UnitFlags {
  readonly out?: string;
  readonly dir?: string;
  readonly environmentFile?: string;
  readonly user?: string;
  readonly logDir?: string;
  readonly cronZone?: string;
  readonly cronTz?: boolean;
}

interface Outputs {
  readonly crontab?: boolean;
  readonly systemd?: boolean;
}

/** An option that the output does not have would be left out in silence. @throws FatalError naming it */
export function refuseMisplaced(flags: UnitFlags & Outputs): void {
  const both = flags.crontab || flags.systemd;
  const options = [
    ['--out', flags.out, '--systemd', flags.systemd],
    ['--user', flags.user, '--systemd', flags.systemd],
    ['--log-dir', flags.logDir, '--crontab', flags.crontab],
    ['--cron-zone', flags.cronZone, '--crontab', flags.crontab],
    ['--cron-tz', flags.cronTz, '--crontab', flags.crontab],
    ['--dir', flags.dir, '--crontab or --systemd', both],
    ['--environment-file', flags.environmentFile, '--crontab or --systemd', both],
  ] as const;
  const misplaced = options.find(([, value, , there]) => value !== undefined && !there);
  if (misplaced === undefined) return;
  const [option, , output] = misplaced;
  throw new FatalError(`${option} belongs to ${output}`, { hint: `Give ${output} too, or leave ${option} out.` });
}

type Jobs = readonly { readonly job: string; readonly schedule: Schedule }[];
type Place = Pick<Shell, 'output' | 'cwd'>;

/** A run that stopped (a quota, another process at work) or was killed is worth another try after five minutes; one that failed is for a person to look at. */
const RESTART = { seconds: 300, not: [EXIT.failed, EXIT.usage] };

export function writeCrontab(jobs: Jobs, flags: UnitFlags, { output, cwd }: Place): number {
  const { cronZone = Intl.DateTimeFormat().resolvedOptions().timeZone, cronTz, logDir } = flags;
  const logFolder = logDir === undefined ? undefined : resolve(cwd, logDir);
  const { text, refused } = crontabText(commandsOf(jobs), { ...placeOf(flags, cwd), zone: cronZone, cronTz, logFolder });
  output.result(text);
  return statusOf(
    refused,
    output,
    'Name the zone that cron goes by with --cron-zone, set the machine to UTC, or write the lines with --cron-tz, for cronie.',
  );
}

export async function writeSystemd(jobs: Jobs, flags: UnitFlags, { output, cwd }: Place): Promise<number> {
  const { files, refused } = systemdUnits(commandsOf(jobs), { ...placeOf(flags, cwd), user: flags.user, restart: RESTART });
  if (flags.out === undefined) {
    output.result(files.map(({ name, text }) => `# /etc/systemd/system/${name}\n${text}`).join('\n'));
    return statusOf(refused, output);
  }
  const folder = resolve(cwd, flags.out);
  try {
    await mkdir(folder, { recursive: true });
    for (const { name, text } of files) await writeFile(join(folder, name), text);
  } catch (error) {
    throw new FatalError(`The units can't be written: ${(error as Error).message}`, {
      where: folder,
      hint: 'Name another folder with --out.',
      cause: error,
    });
  }
  const timers = files.map(({ name }) => name).filter((name) => name.endsWith('.timer'));
  output.say(
    `${files.length} files are in ${folder}. To use them: copy them to /etc/systemd/system, then: systemctl daemon-reload && systemctl enable --now ${timers.join(' ')}`,
  );
  return statusOf(refused, output);
}

/** The time that a run is for is found by the job's own schedule when it starts: late starts, and those after the machine was off, are for the right one. */
const commandsOf = (jobs: Jobs): JobCommand[] => {
  const [program, launcher] = thisCommand();
  return jobs.map(({ job, schedule }) => ({ job, schedule, command: [program, launcher, 'run', job, '--due'] }));
};

const placeOf = ({ dir, environmentFile }: UnitFlags, cwd: string) => ({
  folder: resolve(cwd, dir ?? '.'),
  environmentFile: environmentFile === undefined ? undefined : resolve(cwd, environmentFile),
});

function statusOf(refused: Refused, output: Shell['output'], hint?: string): number {
  if (refused.length === 0) return EXIT.complete;
  for (const { job, reason } of refused) output.say(`${job} is left out: ${reason}`);
  if (hint !== undefined && refused.some(({ reason }) => reason.includes('cron goes by'))) output.say(`  → ${hint}`);
  return EXIT.failed;
}
