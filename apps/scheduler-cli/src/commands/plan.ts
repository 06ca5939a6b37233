import { loadEnvironment } from '@loadin/config';
import { planJob } from '@loadin/jobs';
import { FatalError } from '@loadin/resilience';
import type { Command } from 'commander';
import { EXIT } from '../exit-status.js';
import { renderPlan } from '../render/plan.js';
import type { Shell } from '../shell.js';

interface PlanFlags {
  readonly at?: string;
  readonly fullRefresh?: boolean;
  readonly json?: boolean;
}

export function addPlanCommand(program: Command, shell: Shell, ended: (status: number) => void): void {
  program
    .command('plan')
    .description('what a run will need, before anything is spent')
    .argument('[job]', 'daily, hourly, artist_refresh, venue_refresh, or a job of your jobs file')
    .option('--at <time>', 'the scheduled time, for example 2024-11-08T02:00:00Z; default: now')
    .option('--full-refresh', 'plan a run that reads incremental streams from the beginning, wherever their checkpoints are')
    .option('--json', 'as one JSON document')
    .addHelpText(
      'after',
      '\nIt calls no source. When the settings name a bucket, the last run, the checkpoints and what has changed lately are read there; without them the numbers are assumed.',
    )
    .action(async (job: string | undefined, { at, fullRefresh, json }: PlanFlags) => {
      const { output, env, cwd } = shell;
      if (job === undefined) throw new FatalError('Which job? None is named', { hint: 'For example: loadin plan daily' });
      const plan = await planJob({ job, environment: loadEnvironment({ cwd, env }), at, fullRefresh });
      output.result(json ? `${JSON.stringify(plan)}\n` : renderPlan(plan));
      ended(EXIT.complete);
    });
}
