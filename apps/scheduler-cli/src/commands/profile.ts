import { loadEnvironment } from '@loadin/config';
import { showProfile } from '@loadin/jobs';
import { drawProfile } from '@loadin/quality';
import { FatalError } from '@loadin/resilience';
import chalk from 'chalk';
import type { Command } from 'commander';
import { EXIT } from '../exit-status.js';
import type { Shell } from '../shell.js';

interface ProfileFlags {
  readonly loadType?: string;
  readonly json?: boolean;
}

const HELP = `
A load of a bronze job keeps beside its rows what they are like: nulls, different values (estimated, standard error 1.6 %), least and greatest value, median,
distribution. The latest one is drawn, with what has changed since the load before of the same kind (docs/quality.md has the thresholds). Needs S3_BUCKET_NAME.`;

export function addProfileCommand(program: Command, shell: Shell, ended: (status: number) => void): void {
  const { output, env, cwd } = shell;
  program
    .command('profile')
    .description('what the rows of an entity of bronze are like, and what has changed since the load before')
    .summary('what the rows of an entity of bronze are like')
    .argument('<entity>', 'its folder in bronze, or its stream: orders, postgres.orders')
    .option('--load-type <type>', 'the latest load of this kind: full or incremental; default: of either')
    .option('--json', 'as JSON')
    .addHelpText('after', HELP)
    .action(async (entity: string, { loadType, json }: ProfileFlags) => {
      const shown = await showProfile({ environment: loadEnvironment({ cwd, env }), entity, loadType: checked(loadType) });
      const { profile, before, drift, loads, uri } = shown;
      const first = before === null ? `\nNo earlier ${profile.load_type} load to compare with.\n` : '';
      const lines = drawProfile(profile, {
        before: before === null ? undefined : { profile: before, drift },
        rowsOfLoads: loads.map(({ rows }) => rows),
        paint: output.resultIsTerminal ? { quiet: chalk.dim, warning: chalk.yellow } : undefined,
      });
      output.result(json ? `${JSON.stringify(shown)}\n` : `${lines.join('\n')}\n${first}\n${uri}\n`);
      ended(EXIT.complete);
    });
}

function checked(loadType: string | undefined): 'full' | 'incremental' | undefined {
  if (loadType === undefined || loadType === 'full' || loadType === 'incremental') return loadType;
  throw new FatalError(`--load-type is "${loadType}"`, { hint: 'Give full or incremental.' });
}
