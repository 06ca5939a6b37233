import type { ResolvedPolicy } from '@loadin/infrastructure';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../program.js';

const cwd = mkdtempSync(join(tmpdir(), 'loadin-synth-'));
afterAll(() => rmSync(cwd, { recursive: true }));
writeFileSync(join(cwd, 'loadin.environments.yaml'), "version: 1\nenvironments:\n  dev: { account: '123456789012', region: eu-west-1 }\n");

async function setup(...args: string[]): Promise<{ status: number; printed: string; complaints: string }> {
  const [printed, complaints]: [string[], string[]] = [[], []];
  const output = { print: (text: string) => void printed.push(text), complain: (text: string) => void complaints.push(text) };
  // Every way out leads to a port that nothing listens at: a call would fail, or take minutes.
  const env = {
    PATH: process.env['PATH'],
    HOME: cwd,
    HTTPS_PROXY: 'http://127.0.0.1:1',
    HTTP_PROXY: 'http://127.0.0.1:1',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  const status = await runProgram(args, { output, env, cwd });
  return { status, printed: printed.join('\n'), complaints: complaints.join('\n') };
}

it('synth writes the templates of the stacks that are named, through the CDK, without a network', async () => {
  const { status, printed } = await setup('synth', 'consumer', 'streaming', '--environment', 'dev', '--out', 'templates');
  expect({ status, printed }).toEqual({
    status: 0,
    printed: expect.stringMatching(/created +\S.*templates\/streaming\.template\.json[^]*created +\S.*consumer\.template\.json/),
  });
  expect(readdirSync(join(cwd, 'templates')).filter((name) => name.endsWith('.template.json'))).toEqual([
    'consumer.template.json',
    'streaming.template.json',
  ]);
  const { Description } = JSON.parse(readFileSync(join(cwd, 'templates/consumer.template.json'), 'utf8')) as { Description: string };
  expect(Description).toBe('Loadin, dev: the function that reads the stream');
}, 120_000);

it('policy prints what the roles of an app are allowed, as JSON that can be piped', async () => {
  const { status, printed } = await setup('policy', 'kinesis-consumer', '--environment', 'dev');
  expect(status).toBe(0);
  const roles = JSON.parse(printed) as (ResolvedPolicy & { stack: string })[];
  expect(roles.map(({ stack, service }) => ({ stack, service }))).toEqual([{ stack: 'consumer', service: 'lambda.amazonaws.com' }]);
  expect(roles[0]?.policy.Statement.map(({ Sid }) => Sid)).toEqual(['WriteLog', 'ReadStream', 'KeepFailedBatches', 'FindFailedBatches']);
}, 120_000);

it('synth runs several times at once for one environment, each with all of its templates', async () => {
  const calls = await Promise.all([['streaming'], ['streaming', 'storage']].map((stacks) => setup('synth', ...stacks, '--environment', 'dev')));
  expect(calls.map(({ status }) => status)).toEqual([0, 0]);
  for (const { printed } of calls) expect(printed).toMatch(/created +\S.*\.loadin\/cdk\.out\/dev\/streaming\.template\.json/);
}, 120_000);
