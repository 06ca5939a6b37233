import { loadEnvironment } from '@loadin/config';
import { changeCheckpoint, listState, resetState, restoreState, showCheckpoint, type CheckpointName } from '@loadin/jobs';
import type { JsonObject } from '@loadin/pipeline';
import { FatalError } from '@loadin/resilience';
import type { Command } from 'commander';
import { editInEditor } from '../edit-in-editor.js';
import { EXIT } from '../exit-status.js';
import { collect, wholeNumber } from '../render/options.js';
import type { Shell } from '../shell.js';
import { changeText, checkpointText, stateText } from './state-text.js';

const FORCE = 'also when it is empty, goes backward, or there was none';

export function addStateCommand(program: Command, shell: Shell, ended: (status: number) => void): void {
  const { output, env, cwd } = shell;
  const state = program.command('state').description('the durable progress of jobs: look at it, correct it, bring an earlier one back');
  const nameOf = (job: string, stream: string): CheckpointName => ({ environment: loadEnvironment({ cwd, env }), job, stream });
  const named = (name: string, description: string): Command =>
    state.command(name).description(description).argument('<job>', 'as show names it').argument('<stream>', 'as show names it: ticketmaster.events');

  state
    .command('show')
    .description('the checkpoint of every job and stream, or of one job; of one stream, with its history')
    .argument('[job]')
    .argument('[stream]')
    .option('--json', 'as JSON')
    .action(async (job: string | undefined, stream: string | undefined, { json }: { json?: boolean }) => {
      if (job !== undefined && stream !== undefined) {
        const found = await showCheckpoint(nameOf(job, stream));
        output.result(
          json
            ? `${JSON.stringify({ state: found.uri, job, stream, checkpoint: found.value, history: found.history })}\n`
            : checkpointText(job, stream, found),
        );
      } else {
        const { uri, entries: all } = await listState(loadEnvironment({ cwd, env }));
        const entries = job === undefined ? all : all.filter((entry) => entry.job === job);
        if (job !== undefined && entries.length === 0)
          throw new FatalError(`The job ${job} has no checkpoint`, { where: uri, hint: 'These are there: loadin state show.' });
        output.result(json ? `${JSON.stringify({ state: uri, checkpoints: entries })}\n` : stateText(uri, entries));
      }
      ended(EXIT.complete);
    });
  named('edit', 'change a checkpoint: in $EDITOR, or by --set')
    .option('--set <field=value>', 'this field (repeat it for more); nothing is opened then', collect)
    .option('--force', FORCE)
    .action(async (job: string, stream: string, { set, force }: { set?: readonly string[]; force?: boolean }) => {
      const change = set ?? ((current: JsonObject) => editInEditor(current, `${job}-${stream}`, shell));
      output.result(changeText(job, stream, await changeCheckpoint(nameOf(job, stream), change, force === true)));
      ended(EXIT.complete);
    });
  named('restore', 'bring an earlier state back')
    .argument('<revision>', 'a number that show gives', wholeNumber('The revision', 1, 999_999_999))
    .option('--force', FORCE)
    .action(async (job: string, stream: string, revision: number, { force }: { force?: boolean }) => {
      output.result(changeText(job, stream, await restoreState(nameOf(job, stream), revision, force === true)));
      ended(EXIT.complete);
    });
  named('reset', 'forget what was synced: the next run begins at the beginning')
    .option('--yes', 'do it')
    .action(async (job: string, stream: string, { yes }: { yes?: boolean }) => {
      const name = nameOf(job, stream);
      if (!yes) {
        const { value } = await showCheckpoint(name);
        throw new FatalError(`The checkpoint of ${job} ${stream}, ${String(value['last_sync_timestamp'])}, would be forgotten; nothing was done`, {
          hint: 'The next run reads everything again. Say it with --yes; restore brings it back.',
        });
      }
      output.result(changeText(job, stream, await resetState(name)));
      ended(EXIT.complete);
    });
}
