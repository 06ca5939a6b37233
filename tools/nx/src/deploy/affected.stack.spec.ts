import { spawn } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';

jest.setTimeout(300_000);

const root = join(__dirname, '../../../..');
const env = {
  ...process.env,
  PATH: `${join(root, 'node_modules/.bin')}:${process.env['PATH']}`,
  NX_DAEMON: 'false',
  NX_TUI: 'false',
  FORCE_COLOR: '0',
};

async function run(command: string, args: readonly string[], more: Record<string, string> = {}): Promise<string> {
  const child = spawn(command, args, { cwd: root, env: { ...env, ...more }, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const status = await new Promise((resolve) => child.on('close', resolve));
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stdout}${stderr}`);
  return stdout;
}

const deployed = globSync('apps/*/stack.ts', { cwd: root })
  .map((file) => dirname(file).replace('apps/', ''))
  .sort();

describe('what is deployed', () => {
  it('has a stack of its own: each app', () => {
    expect(deployed).toEqual(['ingestion-lambda', 'kinesis-consumer', 'scheduler-cli', 'setup-scripts']);
  });

  describe('after a change', () => {
    const changes: [what: string, file: string, apps: readonly string[]][] = [
      ['of a lib: the apps that use it, directly or not', 'libs/kinesis-sink/src/index.ts', ['ingestion-lambda', 'scheduler-cli', 'setup-scripts']],
      ['of what is in two apps only for their specifications', 'tools/shop/src/index.ts', ['ingestion-lambda', 'scheduler-cli']],
      ["of one app's stack", 'apps/ingestion-lambda/stack.ts', ['ingestion-lambda']],
      ["of one app's code", 'apps/kinesis-consumer/src/tally.ts', ['kinesis-consumer']],
      ['of what all stacks are made of', 'libs/infrastructure/src/cdk/loadin-function.ts', deployed],
      ['of how zips are made', 'tools/nx/src/build/zip.mjs', deployed],
      ['of an environment', 'loadin.environments.yaml', deployed],
      ['of a document', 'docs/athena.md', []],
      ['of how apps are deployed', 'tools/nx/src/deploy/swap-code.mjs', []],
    ];
    let affected: Readonly<Record<string, readonly string[]>>;
    // By the real graph of this workspace.
    beforeAll(async () => {
      const files = changes.map(([, file]) => file);
      affected = JSON.parse(await run(process.execPath, [join(__dirname, 'affected.fixture.mjs'), ...files])) as typeof affected;
    });

    it.each(changes)('%s', (_what, file, apps) => {
      expect(affected[file]?.map((name) => name.replace('@loadin/', '')).sort()).toEqual(apps);
    });
  });

  describe('by the commands of the workflow', () => {
    const { jobs } = parse(readFileSync(join(root, '.github/workflows/deploy.yml'), 'utf8')) as { jobs: { deploy: { steps: { run?: string }[] } } };
    const commands = jobs.deploy.steps.flatMap(({ run: line }) => (line?.startsWith('npx nx ') ? [line] : []));
    const nothing = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

    /** What Nx would run, in a shell and with the variables of a workflow. */
    async function planned(command: string, base: string): Promise<string[]> {
      const [own, forwarded = ''] = command.split(' -- ');
      const line = `${own} --graph=stdout${forwarded && ` -- ${forwarded}`}`;
      const answer = await run('sh', ['-c', line], { BASE: base, ENVIRONMENT: 'dev' });
      const { tasks } = JSON.parse(answer) as { tasks: { tasks: Record<string, unknown> } };
      return Object.keys(tasks.tasks);
    }

    it('is tested, then what apps share is deployed, then the apps', async () => {
      const [tested = [], shared = [], own = []] = await Promise.all(commands.map((command) => planned(command, nothing)));
      for (const app of deployed) expect(tested).toEqual(expect.arrayContaining([`@loadin/${app}:build`, `@loadin/${app}:test`]));
      const deployments = (tasks: readonly string[]): string[] => tasks.filter((task) => task.endsWith(':deploy')).sort();
      expect(deployments(shared)).toEqual(['@loadin/setup-scripts:deploy']);
      expect(deployments(own)).toEqual(deployed.filter((app) => app !== 'setup-scripts').map((app) => `@loadin/${app}:deploy`));
    });
  });
});
