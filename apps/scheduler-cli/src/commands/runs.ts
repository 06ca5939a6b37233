import { loadEnvironment } from '@loadin/config';
import { listJobRuns, showJobRun } from '@loadin/jobs';
import type { Command } from 'commander';
import { EXIT } from '../exit-status.js';
import { wholeNumber } from '../render/options.js';
import type { Shell } from '../shell.js';
import { runDetailsText, runsText } from './runs-text.js';

export function addRunsCommand(program: Command, shell: Shell, ended: (status: number) => void): void {
  const { output, env, cwd } = shell;
  const runs = program.command('runs').description('the runs of all jobs: how they ended, what they delivered');
  runs
    .command('list')
    .description('the latest runs by scheduled time')
    .option('--job <name>', 'only runs of this job; default: of all jobs')
    .option('--limit <n>', 'so many, from 1 to 1000', wholeNumber('--limit', 1, 1000), 20)
    .option('--json', 'as JSON')
    .action(async ({ job, limit, json }: { job?: string; limit: number; json?: boolean }) => {
      const found = await listJobRuns({ environment: loadEnvironment({ cwd, env }), job, limit });
      output.result(json ? `${JSON.stringify({ state: found.uri, runs: found.runs })}\n` : runsText(found));
      ended(EXIT.complete);
    });
  runs
    .command('show')
    .description('one run: status, attempts, counts, objects, problems')
    .argument('<run>', 'its id; or its job, with the time')
    .argument('[time]', 'its scheduled time: 2024-11-08T02:00:00Z')
    .option('--json', 'as JSON')
    .action(async (run: string, time: string | undefined, { json }: { json?: boolean }) => {
      const details = await showJobRun({ environment: loadEnvironment({ cwd, env }), run, time });
      output.result(json ? `${JSON.stringify(details)}\n` : runDetailsText(details));
      ended(EXIT.complete);
    });
}
