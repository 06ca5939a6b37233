import { loadEnvironment } from '@loadin/config';
import type { ApiSource } from '@loadin/jobs';
import { systemClock } from '@loadin/resilience';
import { Argument, type Command } from 'commander';
import { processPrompt } from '../prompt.js';
import type { Shell } from '../program.js';
import { rotate } from './rotate.js';

/** `loadin-setup rotate` */
export function registerRotate(program: Command, { cwd, env, output, prompt = processPrompt, clock = systemClock }: Shell): void {
  program
    .command('rotate')
    .description('put a new API secret into Secrets Manager, once the source has taken it; typed or by a pipe, never an argument')
    .addArgument(new Argument('<source>', 'whose').choices(['spotify', 'ticketmaster', 'payments', 'shipments']))
    .option('--revert', 'back to the one before (AWSPREVIOUS), once the source has taken it; nothing is typed', false)
    .action((source: ApiSource, { revert }: { revert: boolean }) =>
      rotate({ source, revert, environment: loadEnvironment({ cwd, env }), prompt, output, clock }),
    );
}
