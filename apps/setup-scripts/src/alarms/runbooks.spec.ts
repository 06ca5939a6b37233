import { RUNBOOKS } from '@loadin/infrastructure';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '../program.js';

const folder = join(__dirname, '../../../../docs/runbooks');
const textOf = (name: string): string => readFileSync(join(folder, `${name}.md`), 'utf8');

/** Operations of the AWS CLI that runbooks may use: https://docs.aws.amazon.com/cli/latest/reference/ */
const AWS = /^aws (logs tail|lambda get-account-settings|sqs receive-message|s3 ls)( |$)/;

async function helpOf(words: readonly string[]): Promise<string> {
  const lines: string[] = [];
  const output = { print: (line: string) => void lines.push(line), complain: () => undefined };
  const status = await runProgram([...words, '--help'], { output, env: {}, cwd: folder });
  return status === 0 ? lines.join('\n') : '';
}

async function commandHelp(words: readonly string[]): Promise<string> {
  let help = '';
  for (let count = 1; count <= words.length; count += 1) {
    const next = await helpOf(words.slice(0, count));
    if (!next.includes(`Usage: loadin-setup ${words.slice(0, count).join(' ')} `)) break;
    help = next;
  }
  return help;
}

describe('the runbooks', () => {
  it('are those that alarms name, each with what it means, how to see it and what to do', () => {
    expect(readdirSync(folder).sort()).toEqual([...RUNBOOKS.map((name) => `${name}.md`), 'README.md'].sort());
    for (const name of RUNBOOKS) expect(textOf(name).match(/^## .*$/gm)).toEqual(['## What it means', '## How to see it', '## What to do']);
  });

  it.each(RUNBOOKS)('%s has commands of loadin-setup that are there, with options that they take', async (name) => {
    const commands = [...textOf(name).matchAll(/npx loadin-setup ([^`\n|]+)/g)].map(([, command = '']) => command.trim());
    for (const command of commands) {
      const words = command.split(/\s+/);
      const help = await commandHelp(words.filter((word) => !word.startsWith('--')));
      expect([command, help !== '']).toEqual([command, true]);
      for (const option of words.filter((word) => word.startsWith('--')))
        expect([command, option, help.includes(`${option} `)]).toEqual([command, option, true]);
    }
  });

  it.each(RUNBOOKS)('%s has operations of the AWS CLI that are known', (name) => {
    expect([...textOf(name).matchAll(/^aws .*$/gm)].map(([line]) => line).filter((line) => !AWS.test(line))).toEqual([]);
  });
});
