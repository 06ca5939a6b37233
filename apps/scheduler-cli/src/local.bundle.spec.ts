import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { launcher, loadin } from './bundle.fixture.js';

jest.setTimeout(30_000);

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Which settings a shell has after these lines. */
const leftOf = (lines: string): string[] => {
  const { stdout, status } = spawnSync('sh', ['-c', `${lines}env`], { encoding: 'utf8', env: { PATH: process.env['PATH'] } });
  if (status !== 0) throw new Error(`sh ended with status ${status}`);
  return stdout.split('\n').filter((line) => /^(AWS_|API_|LOADIN_|S3_|CHECKPOINT_)/.test(line));
};

describe('loadin local', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "loadin local's "));
    // As in the checkout: no stack that somebody started above is meant.
    await writeFile(join(dir, 'package.json'), '{"name":"@loadin/source"}');
  });
  afterEach(async () => local('down'));
  afterAll(async () => rm(dir, { recursive: true, maxRetries: 5 }));

  const local = (...args: string[]) => loadin(['local', ...args], { cwd: dir });
  const pid = async (): Promise<number> => (JSON.parse(await readFile(join(dir, '.loadin/stack.json'), 'utf8')) as { pid: number }).pid;

  it('up prints lines that a shell can eval, also in a folder with blanks and quotes; then commands find the stack', async () => {
    const script = 'eval "$("$0" "$1" local up)" && "$0" "$1" check; echo "status $?"; printf %s "$LOADIN_JOBS"';
    const { stdout, stderr } = spawnSync('sh', ['-c', script, process.execPath, launcher], {
      cwd: dir,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] },
    });
    expect(stderr).toMatch(/^The local stack runs \(process \d+, state in .*\)\.\n$/);
    // Buckets, stream and table are made by loadin-setup: everything else is there.
    expect(stdout).toMatch(/^OK +jobs file[^]*^OK +settings[^]*^WRONG +bucket[^]*^OK +Spotify[^]*^OK +Ticketmaster[^]*\nstatus 1\n/m);
    expect(stdout.endsWith(`${dir}/.loadin/loadin.jobs.yaml`)).toBe(true);
  });

  it('up finds the one that runs already, status shows it, down leaves no process', async () => {
    const first = await local('up');
    const second = await local('up');
    expect(second.stderr).toMatch(/^The local stack was running already \(process \d+\)\.\n$/);
    expect(second.stdout).toBe(first.stdout);
    const running = await pid();
    const shown = await local('status');
    expect(shown).toMatchObject({ status: 0, stdout: expect.stringContaining(first.stdout) });
    expect(shown.stdout).toMatch(new RegExp(`^# process ${running}, since \\S+\n`));
    const down = await local('down');
    expect(down).toMatchObject({ status: 0, stderr: expect.stringMatching(/^The local stack is stopped\. Shells that evaluated .*\n$/) });
    expect(leftOf(`${first.stdout}${down.stdout}`)).toEqual([]);
    expect(isAlive(running)).toBe(false);
    expect(existsSync(join(dir, '.loadin/stack.json'))).toBe(false);
  });

  it('is the same stack in every folder below', async () => {
    const below = join(dir, 'a/folder below');
    await mkdir(below, { recursive: true });
    const { stdout } = await local('up');
    expect(leftOf(stdout)).toContain(`LOADIN_JOBS=${dir}/.loadin/loadin.jobs.yaml`);
    expect((await loadin(['local', 'status'], { cwd: below })).stdout).toContain(stdout);
  });

  it('status is 3 when it does not run; down is content with that', async () => {
    expect(await local('status')).toMatchObject({
      status: 3,
      stdout: '',
      stderr: `No local stack runs in ${dir}/.loadin. To start one and use it in this shell: eval "$(npx loadin local up)"\n`,
    });
    expect(await local('down')).toMatchObject({ status: 0, stdout: '', stderr: `No local stack was running in ${dir}/.loadin.\n` });
  });

  it('one that was killed counts as not running, and up starts it again on the same state', async () => {
    await local('up');
    const killed = await pid();
    process.kill(killed, 'SIGKILL');
    while (isAlive(killed)) await delay(10);
    expect((await local('status')).status).toBe(3);
    expect((await local('up')).stderr).toMatch(/^The local stack runs /);
    expect(await pid()).not.toBe(killed);
  });

  it('says in a line when its folder can not be used', async () => {
    await writeFile(join(dir, 'a file'), '');
    const { status, stdout, stderr } = await local('up', '--dir', join(dir, 'a file'));
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^The local stack can't be started[^]*a file[^]*→ /);
    expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  });
});
