import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../program.js';

const cwd = mkdtempSync(join(tmpdir(), 'loadin-deploy-'));
afterAll(() => rmSync(cwd, { recursive: true }));
beforeAll(() =>
  writeFileSync(
    join(cwd, 'loadin.environments.yaml'),
    "version: 1\nenvironments:\n  dev: { account: '123456789012', region: eu-west-1 }\n  prod: { account: '210987654321', region: eu-west-1 }\n",
  ),
);

/** None of these reaches the CDK. */
async function setup(...args: string[]): Promise<{ status: number; complaints: string }> {
  const complaints: string[] = [];
  const output = { print: () => undefined, complain: (text: string) => void complaints.push(text) };
  return { status: await runProgram(args, { output, env: {}, cwd }), complaints: complaints.join('\n') };
}

describe('loadin-setup destroy', () => {
  it('destroys nothing of a production environment, whatever it is told', async () => {
    for (const stacks of [['storage'], ['consumer'], ['setup-scripts']]) {
      const { status, complaints } = await setup('destroy', ...stacks, '--environment', 'prod', '--yes');
      expect({ status, complaints }).toEqual({
        status: 1,
        complaints: expect.stringMatching(
          /^Error: prod is a production environment: its stacks are not destroyed\n {2}at .*loadin\.environments\.yaml\n {2}→ /,
        ),
      });
    }
  });

  it('destroys nothing that is not named', async () => {
    expect(await setup('destroy', '--environment', 'dev', '--yes')).toMatchObject({
      status: 2,
      complaints: expect.stringContaining("missing required argument 'stack'"),
    });
  });
});

describe('commands of stacks', () => {
  it.each(['synth', 'diff', 'deploy'])('%s needs an environment', async (command) => {
    expect(await setup(command)).toMatchObject({
      status: 2,
      complaints: expect.stringContaining("required option '--environment <name>' not specified"),
    });
  });

  it('say which environments there are, and which file is not', async () => {
    expect(await setup('synth', '--environment', 'prot')).toMatchObject({
      status: 2,
      complaints: expect.stringMatching(/^Error: There is no environment prot; did you mean prod\?\n[^]*→ Its environments are dev, prod\.$/),
    });
    expect(await setup('synth', '--environment', 'dev', '--file', 'gone.yaml')).toMatchObject({
      status: 2,
      complaints: expect.stringMatching(/^Error: The environments file can't be read: ENOENT\n {2}at .*gone\.yaml\n {2}→ Say with --file/),
    });
  });

  it('say which stacks there are', async () => {
    expect(await setup('synth', 'storag', '--environment', 'dev')).toMatchObject({
      status: 2,
      complaints: expect.stringMatching(/^Error: There is no stack storag; did you mean storage\?\n {2}→ /),
    });
  });

  it('say what is wrong with the jobs that an environment names, before the CDK is started', async () => {
    const withJobs = (more: string): void =>
      writeFileSync(join(cwd, 'jobs.yaml'), `version: 1\nenvironments:\n  dev: { account: '123456789012', region: eu-west-1, ${more} }\n`);
    const synth = (): Promise<unknown> => setup('synth', '--environment', 'dev', '--file', 'jobs.yaml');
    withJobs('tasks: [dayly], network: { cidr: 10.40.0.0/20 }');
    expect(await synth()).toEqual({
      status: 2,
      complaints: expect.stringMatching(
        /^Error: The environment dev has a task for the job dayly, which is not in the built-in jobs file\n {2}at environments\.dev\.tasks\n.*daily[^\n]*$/,
      ),
    });
    withJobs('jobs_file: gone.yaml');
    expect(await synth()).toEqual({ status: 2, complaints: expect.stringMatching(/can't be read: ENOENT\n {2}at .*gone\.yaml\n.*$/) });
    writeFileSync(join(cwd, 'nonsense.yaml'), 'version: 1\njobs:\n  daily: { schedule: every day at two }\n');
    withJobs('jobs_file: nonsense.yaml');
    expect(await synth()).toEqual({ status: 2, complaints: expect.stringMatching(/nonsense\.yaml:3:22 jobs\.daily\.schedule must be/) });
  });

  it('say everything that is wrong with the file, and no stack', async () => {
    writeFileSync(join(cwd, 'wrong.yaml'), 'version: 1\nenvironments:\n  dev: { account: 1, region: eu-west-1, sizes: { stream_shards: many } }\n');
    const { status, complaints } = await setup('diff', '--environment', 'dev', '--file', 'wrong.yaml');
    expect(status).toBe(2);
    expect(complaints).toMatch(
      /wrong\.yaml:3:10 environments\.dev\.account must be .*\n.*wrong\.yaml:3:50 environments\.dev\.sizes\.stream_shards must be a whole number/,
    );
    expect(complaints).not.toContain('    at ');
  });

  it('ask before they change something, and need somebody to ask', async () => {
    expect(await setup('deploy', 'storage', '--environment', 'dev')).toMatchObject({
      status: 1,
      complaints: expect.stringContaining('loadin-setup deploy … --yes'),
    });
  });
});
