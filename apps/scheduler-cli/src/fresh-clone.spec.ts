import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '../../..');

// An install of all locked packages: `npm run test:fresh-clone` runs this, the only specification that shows what a newcomer gets.
jest.setTimeout(180_000);

/** What npm and Jest tell their children about this checkout must not reach a clone. */
const FOREIGN =
  /^(npm_(lifecycle|package|command|execpath|config_(local_prefix|workspaces?|prefix))|INIT_CWD|NODE_ENV|NODE_OPTIONS|JEST_|NX_|LOADIN_|AWS_|API_)/;
const env = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !FOREIGN.test(name))),
  NX_DAEMON: 'false',
  NX_NO_CLOUD: 'true',
  NX_TUI: 'false',
};

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe('in a fresh clone whose path has spaces', () => {
  let clone: string;
  beforeAll(async () => {
    // What is not committed yet is part of it: otherwise work in progress would fail here.
    clone = await mkdtemp(join(tmpdir(), 'a fresh clone '));
    const { stdout, status } = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: ROOT,
      encoding: 'utf8',
      maxBuffer: 1e8,
    });
    if (status !== 0) throw new Error(`${ROOT} is no git checkout: which files a clone would have is not known`);
    // A file that was removed and not yet committed is still listed.
    const files = stdout.split('\0').filter((file) => file !== '' && existsSync(join(ROOT, file)));
    await Promise.all([...new Set(files.map(dirname))].map((folder) => mkdir(join(clone, folder), { recursive: true })));
    for (const file of files) await cp(join(ROOT, file), join(clone, file));
  });
  afterAll(async () => rm(clone, { recursive: true, force: true, maxRetries: 5 }));

  const run = (command: string, ...args: string[]): Promise<Ended> =>
    new Promise((resolve, reject) => {
      const child = spawn(command, args, { cwd: clone, env, stdio: ['ignore', 'pipe', 'pipe'] });
      const text = { stdout: '', stderr: '' };
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text.stdout += chunk));
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text.stderr += chunk));
      child.once('error', reject).once('close', (status) => resolve({ status, ...text }));
    });

  const succeeds = async (command: string, ...args: string[]): Promise<void> => {
    const { status, stdout, stderr } = await run(command, ...args);
    if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with status ${status}:\n${stdout}\n${stderr}`);
  };

  it('the command is linked by npm ci, says what to build, and works when it is built', async () => {
    // Without install scripts: they fetch the pinned Node and unpack binaries, and neither links anything.
    await succeeds('npm', 'ci', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error');

    const before = await run('npx', '--no-install', 'loadin', '--help');
    expect(before).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('loadin is not built yet. Build everything with: npm run build\n'),
    });

    // What this checkout has built already is the same there: its cache saves half a minute. Without it everything is built.
    if (existsSync(join(ROOT, '.nx'))) await cp(join(ROOT, '.nx'), join(clone, '.nx'), { recursive: true });
    await succeeds('npx', '--no-install', 'nx', 'build', 'scheduler-cli', '--outputStyle=static');

    const after = await run('npx', '--no-install', 'loadin', '--help');
    expect(after).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Usage: loadin /) });
  });
});
