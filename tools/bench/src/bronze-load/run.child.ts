// One run of a job, as the command and the function make it, and what memory it needed. The environment says where everything lies.
// Arguments: the job; its scheduled time; `full` to read everything.
import { loadEnvironment } from '@loadin/config';
import { runNamedJob } from '@loadin/jobs';
import type { JobRun } from './job-run.js';

const [job = '', at = '', load = ''] = process.argv.slice(2);
const LOOK_EVERY_MS = 50;
const MILLION = 1_000_000;

/** The most that was resident within each million of rows. */
const residentMB: number[] = [];
let rowsRead = 0;
const look = (): void => {
  const million = Math.floor(rowsRead / MILLION);
  residentMB[million] = Math.max(residentMB[million] ?? 0, process.memoryUsage.rss() / 1_048_576);
};
const looking = setInterval(look, LOOK_EVERY_MS);
const start = performance.now();
const report = await runNamedJob({
  job,
  at,
  fullRefresh: load === 'full',
  environment: loadEnvironment({ cwd: process.cwd(), env: process.env }),
  observe: (event) => {
    if (event.type === 'progress') rowsRead = event.ledger.read;
  },
});
clearInterval(looking);
const [stream] = report.streams;
console.log(
  JSON.stringify({
    status: report.status,
    problems: report.problems,
    read: stream?.ledger.read ?? 0,
    delivered: stream?.ledger.accepted ?? 0,
    unchanged: stream?.ledger.deduplicated ?? 0,
    seconds: (performance.now() - start) / 1_000,
    rssMB: process.resourceUsage().maxRSS / 1_024,
    residentMB,
  } satisfies JobRun),
);
