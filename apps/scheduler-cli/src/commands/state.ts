import { loadEnvironment } from '@loadin/config';
import { listState } from '@loadin/jobs';
import type { Command } from 'commander';
import { EXIT } from '../exit-status.js';
import type { Shell } from '../shell.js';
import { renderTable } from '../render/table.js';
import { count, instant } from '../render/units.js';

export function addStateCommand(program: Command, shell: Shell, ended: (status: number) => void): void {
  const { output, env, cwd } = shell;
  program
    .command('state')
    .description('the durable progress of jobs')
    .command('show')
    .description('the checkpoint of every job and stream')
    .option('--json', 'as JSON')
    .action(async (flags: { json?: boolean }) => {
      const { uri, entries } = await listState(loadEnvironment({ cwd, env }));
      if (flags.json) output.result(`${JSON.stringify({ state: uri, checkpoints: entries })}\n`);
      else if (entries.length === 0) output.result(`No checkpoint yet in ${uri}.\n`);
      else {
        const rows = entries.map(({ job, stream, checkpoint }) => [
          job,
          stream,
          instant(checkpoint.last_sync_timestamp),
          count(checkpoint.record_count),
          checkpoint.run_id,
        ]);
        const columns = [
          { title: 'JOB' },
          { title: 'STREAM' },
          { title: 'SYNCED TO' },
          { title: 'RECORDS', align: 'right' as const },
          { title: 'RUN' },
        ];
        output.result(`${renderTable(columns, rows).join('\n')}\n\n${uri}\n`);
      }
      ended(EXIT.complete);
    });
}
