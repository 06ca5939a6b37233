import { toCrontab } from '../translate/to-crontab.js';
import { checkPlace } from './place.js';
import type { CommandPlace, JobCommand, Refused } from './types.js';

export interface CrontabOptions extends CommandPlace {
  /** The zone that cron goes by: nearly always the machine's. */
  readonly zone: string;
  /** `true`: each line stands below a `CRON_TZ` of its own, so that `zone` does not matter. cronie reads that; cron of Debian and Ubuntu, and of BusyBox, do not. Default false. */
  readonly cronTz?: boolean;
  /** What a job says goes to `{folder}/{job}.log`. Default: cron sends it by mail. */
  readonly logFolder?: string;
  /** From when on it has to be right, epoch milliseconds. Default: now. */
  readonly from?: number;
}

/** A crontab that runs each job when it is due. Throws `FatalError` for paths that are not absolute. */
export function crontabText(jobs: readonly JobCommand[], options: CrontabOptions): { readonly text: string; readonly refused: Refused } {
  checkPlace(options, jobs, options.logFolder);
  const refused: { job: string; reason: string }[] = [];
  const lines = jobs.flatMap((job) => {
    const { schedule } = job;
    const own = schedule.kind === 'rate' ? 'UTC' : schedule.zone;
    const fields = toCrontab(schedule, { zone: options.cronTz === true ? own : options.zone, from: options.from });
    if (!fields.exact) {
      refused.push({ job: job.job, reason: fields.reason });
      return [`# ${job.job}, ${schedule.text}: not here, because ${fields.reason}`];
    }
    const command = commandLine(job, options);
    return [
      `# ${job.job}: ${schedule.text}`,
      ...(options.cronTz === true ? [`CRON_TZ=${own}`] : []),
      ...fields.value.map((times) => `${times} ${command}`),
    ];
  });
  return { text: `${lines.join('\n')}\n`, refused };
}

function commandLine({ job, command }: JobCommand, { folder, environmentFile, logFolder }: CrontabOptions): string {
  const environment = environmentFile === undefined ? '' : `set -a && . ${shellWord(environmentFile)} && set +a && `;
  const log = logFolder === undefined ? '' : ` >> ${shellWord(`${logFolder}/${job}.log`)} 2>&1`;
  const line = `cd ${shellWord(folder)} && ${environment}${command.map(shellWord).join(' ')}${log}`;
  // To cron a % is the end of the line.
  return line.replaceAll('%', '\\%');
}

const shellWord = (text: string): string => (/^[\w./:=@+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
