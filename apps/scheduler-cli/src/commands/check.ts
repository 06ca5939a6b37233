import { loadEnvironment } from '@loadin/config';
import { checkSetup, type CheckLine } from '@loadin/jobs';
import chalk from 'chalk';
import type { Command } from 'commander';
import { EXIT } from '../exit-status.js';
import type { Shell } from '../shell.js';
import { missingSettingsHint } from '../show-error.js';

export function addCheckCommand(program: Command, shell: Shell, ended: (status: number) => void): void {
  program
    .command('check')
    .description('settings, credentials, permissions, bucket, stream, table, clock, sources: each is OK, or what to do')
    .summary('whether all is ready, and if not what to do')
    .addHelpText(
      'after',
      '\nIt makes one call to each source and writes one small object, _loadin/checks/write.json.' +
        '\nExit status: 0 all is ready · 1 something is WRONG · 2 settings are missing or wrong',
    )
    .action(async () => {
      const { output, env, cwd } = shell;
      const wrong: string[] = [];
      let job = 'daily';
      for await (const line of checkSetup({ environment: loadEnvironment({ cwd, env }) })) {
        if (!line.ok) wrong.push(line.name);
        if (line.name === 'jobs file') job = jobToRun(line, job);
        output.result(checkText(line));
      }
      output.result(`\n${verdict(wrong.length, job)}\n`);
      // Settings end `run` with this status as well.
      ended(wrong.includes('settings') ? EXIT.usage : wrong.length > 0 ? EXIT.failed : EXIT.complete);
    });
}

/** A job of the file to begin with: the usual one, or the first that there is. */
function jobToRun({ detail }: CheckLine, usual: string): string {
  const jobs = /: ([a-z0-9_]+(?:, [a-z0-9_]+)*)$/m.exec(detail)?.[1]?.split(', ') ?? [];
  return jobs.includes(usual) ? usual : (jobs[0] ?? usual);
}

const verdict = (wrong: number, job: string): string =>
  wrong === 0 ? `All is ready: loadin run ${job}` : `${wrong === 1 ? '1 line is' : `${wrong} lines are`} WRONG: see above what to mend.`;

export function checkText({ name, ok, detail, hint }: CheckLine): string {
  const [first = '', ...rest] = detail.split('\n');
  const mark = ok ? chalk.green('OK   ') : chalk.red('WRONG');
  // Streams have longer names than all else, and are many.
  const lines = [`${mark}  ${name.padEnd(name.includes('.') ? 28 : 12)}  ${first}`, ...rest.map((text) => `${' '.repeat(21)}${text}`)];
  const hints = ok ? [] : [hint, missingSettingsHint(detail)];
  for (const text of hints) if (text !== undefined) lines.push(`${' '.repeat(21)}→ ${text}`);
  return `${lines.join('\n')}\n`;
}
