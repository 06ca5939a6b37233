import { loadEnvironment } from '@loadin/config';
import { checkSetup, type CheckLine } from '@loadin/jobs';
import chalk from 'chalk';
import type { Command } from 'commander';
import { EXIT } from '../exit-status.js';
import type { Shell } from '../program.js';

export function addCheckCommand(program: Command, shell: Shell, ended: (status: number) => void): void {
  program
    .command('check')
    .description('settings, credentials, permissions, bucket, stream, table, clock: each is OK, or what to do')
    .action(async () => {
      const { output, env, cwd } = shell;
      let wrong = 0;
      for await (const line of checkSetup({ environment: loadEnvironment({ cwd, env }) })) {
        if (!line.ok) wrong += 1;
        output.result(checkText(line));
      }
      output.result(wrong === 0 ? '\nAll is ready: loadin run daily\n' : `\n${wrong} to mend.\n`);
      ended(wrong === 0 ? EXIT.complete : EXIT.failed);
    });
}

export function checkText({ name, ok, detail, hint }: CheckLine): string {
  const [first = '', ...rest] = detail.split('\n');
  const verdict = ok ? chalk.green('OK   ') : chalk.red('WRONG');
  const lines = [`${verdict}  ${name.padEnd(12)}  ${first}`, ...rest.map((text) => `${' '.repeat(21)}${text}`)];
  if (hint !== undefined) lines.push(`${' '.repeat(21)}→ ${hint}`);
  return `${lines.join('\n')}\n`;
}
