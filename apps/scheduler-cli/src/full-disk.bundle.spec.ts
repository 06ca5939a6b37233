import { connectStorage } from '@loadin/specs';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launcher, loadin } from './bundle.fixture.js';
import { startWorld } from './world.fixture.js';

const LOCAL_AWS = join(__dirname, '../../../tools/local-aws/dist/main.js');
/** 512-byte blocks: landed pages and the tables fit, the events' raw object (55 KB) does not. */
const FILE_LIMIT_BLOCKS = 90;

jest.setTimeout(30_000);

/** Local AWS as a process that can't write more to a file, which to it is a full disk. */
async function startFullAws(dataDir: string): Promise<{ child: ChildProcess; url: string }> {
  if (!existsSync(LOCAL_AWS)) throw new Error(`${LOCAL_AWS} is missing. Build it with: npx nx build local-aws`);
  const command = `ulimit -f ${FILE_LIMIT_BLOCKS}; exec "$@"`;
  const child = spawn('sh', ['-c', command, 'sh', process.execPath, LOCAL_AWS, '--data-dir', dataDir], {
    // A record of calls is a file too, and may be larger than what this server may write.
    env: { ...process.env, LOADIN_RECORD_CALLS: '' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, url: (JSON.parse(line.toString('utf8')) as { url: string }).url };
}

it('a full disk below the lake ends a run with status 1, what to do, and no half object', async () => {
  const world = await startWorld();
  await mkdir(join(world.dir, 'full'));
  const { child, url } = await startFullAws(join(world.dir, 'full'));
  const storage = connectStorage(url);
  try {
    await storage.create();
    const run = ['run', 'hourly', '--at', '2026-03-01T02:00:00Z'];
    const { status, stdout, stderr } = await loadin(run, { cwd: world.dir, env: { ...world.env, AWS_ENDPOINT_URL: url } });
    const problems = /^PROBLEMS\n(?: {2}.*\n)+/m.exec(stdout)?.[0] ?? '';
    expect({ status, problems }).toEqual({
      status: 1,
      problems: expect.stringMatching(/S3 PutObject: .*\(InternalError\): .*(no space left|too large).*\n {2}→ /i),
    });
    expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
    expect(await storage.lake.keys('raw/')).toEqual([]);
  } finally {
    storage.close();
    child.kill('SIGKILL');
    await once(child, 'close');
    await world.close();
  }
});

it('output that finds no room is said in one line, with status 1', async () => {
  // Every write to it answers ENOSPC (Linux).
  const child = spawn('sh', ['-c', 'exec "$@" > /dev/full', 'sh', process.execPath, launcher, 'run', 'daily', '--print-config'], {
    cwd: tmpdir(),
    env: { PATH: process.env['PATH'], HOME: tmpdir() },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const [status] = (await once(child, 'close')) as [number];
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: expect.stringMatching(/^Error: the output can't be written: ENOSPC.*\n {2}→ Give it a place with room\..*\n$/),
  });
});
