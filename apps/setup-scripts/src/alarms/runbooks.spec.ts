import { resourceNames, RUNBOOKS } from '@loadin/infrastructure';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '../program.js';

const folder = join(__dirname, '../../../../docs/runbooks');
const textOf = (name: string): string => readFileSync(join(folder, `${name}.md`), 'utf8');

/** Operations of the AWS CLI that runbooks may use: https://docs.aws.amazon.com/cli/latest/reference/ */
const AWS: Readonly<Record<string, readonly string[]>> = {
  'logs tail': ['--since', '--filter-pattern'],
  'lambda get-account-settings': [],
  'lambda get-function-concurrency': ['--function-name'],
  'lambda put-function-concurrency': ['--function-name', '--reserved-concurrent-executions'],
  'lambda list-versions-by-function': ['--function-name'],
  'lambda update-alias': ['--function-name', '--name', '--function-version'],
  'lambda list-event-source-mappings': ['--function-name'],
  'lambda update-event-source-mapping': ['--uuid', '--parallelization-factor'],
  'cloudwatch get-metric-statistics': ['--namespace', '--metric-name', '--statistics', '--period', '--start-time', '--end-time'],
  'stepfunctions list-executions': ['--state-machine-arn', '--status-filter', '--max-items'],
  'stepfunctions describe-execution': ['--execution-arn'],
  'stepfunctions start-execution': ['--state-machine-arn', '--input'],
  'sqs receive-message': ['--queue-url', '--message-attribute-names'],
  'sqs delete-message': ['--queue-url', '--receipt-handle'],
  's3 ls': ['--recursive'],
};

/** What an environment without a suffix has; what is nobody's here is named as such. */
const names = resourceNames({ environment: 'prod', account: '123456789012', region: 'us-east-1' });
const KNOWN = new Set([...Object.values(names).filter((name) => typeof name === 'string'), 'some-other-function']);

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

  it.each(RUNBOOKS)('%s has operations of the AWS CLI that are known, with options that they take', (name) => {
    for (const line of awsCommands(name)) {
      const [, operation = ''] = /^aws (\S+ \S+)/.exec(line) ?? [];
      expect([line, Object.keys(AWS).includes(operation)]).toEqual([line, true]);
      const options = [...line.replaceAll(/'[^']*'/g, '').matchAll(/ (--[\w-]+)/g)].map(([, option = '']) => option);
      expect([line, options.filter((option) => !AWS[operation]?.includes(option))]).toEqual([line, []]);
    }
  });

  it.each(RUNBOOKS)('%s names functions, queues, buckets and the state machine as they are deployed', (name) => {
    for (const line of awsCommands(name)) {
      const named = [
        ...line.matchAll(
          / \/aws\/lambda\/(\S+)|--function-name (?<function>[^\s:]+)|s3:\/\/([^/\s]+)|amazonaws\.com\/\d+\/(\S+)|:(?:stateMachine|execution):([^\s:]+)/g,
        ),
      ].map((match) => match.slice(1).find((found) => found !== undefined) ?? '');
      expect([line, named.filter((one) => !KNOWN.has(one))]).toEqual([line, []]);
    }
  });

  it('tell queue, bucket and function apart: a name that nobody has would be noticed', () => {
    expect(KNOWN.has('concert-data-failed-123456789012-us-east-1')).toBe(true);
    expect(KNOWN.has('concert-data-failed-batches-123456789012-us-east-1')).toBe(false);
  });
});

const awsCommands = (name: string): string[] => [...textOf(name).matchAll(/^aws .*$/gm)].map(([line]) => line);
