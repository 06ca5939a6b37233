import { transformSync } from 'esbuild';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startChild, type ChildOptions } from './child.js';

describe('a process of a storm', () => {
  let cwd: string;
  beforeAll(() => (cwd = mkdtempSync(join(tmpdir(), 'child-'))));
  afterAll(() => rmSync(cwd, { recursive: true }));

  const start = (code: string, more: Partial<ChildOptions> = {}) => {
    const main = join(cwd, 'main.mjs');
    writeFileSync(main, code);
    return startChild({ main, args: ['given'], cwd, env: { NAME: 'a1' }, ...more });
  };

  it('has nothing of the environment but what it is given', async () => {
    const { status, stdout } = await start('console.log(process.argv[2], Object.keys(process.env).sort().join())').ended;
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringMatching(/^given HOME,NAME,PATH/) });
  });

  it('has a wall clock that jumps, and a steady one that does not', async () => {
    const code = `
      const [wall, steady, made] = [Date.now(), performance.now(), new Date().getTime()];
      console.log(JSON.stringify([made - wall < 1000, new Date(0).getTime(), steady < 60_000, new Date() instanceof Date, wall]));`;
    const { stdout } = await start(code, { clockJump: { afterMs: 0, byMs: 7 * 86_400_000 } }).ended;
    const [madeAlike, epoch, steady, isDate, wall] = JSON.parse(stdout) as [boolean, number, boolean, boolean, number];
    expect([madeAlike, epoch, steady, isDate]).toEqual([true, 0, true, true]);
    expect(wall - Date.now()).toBeGreaterThan(6 * 86_400_000);
  });

  it('can have a disk that is full', async () => {
    const code = `
      import { writeSync } from 'node:fs';
      try { writeSync(1, 'report'); } catch (error) { console.error(error.code); }`;
    const { stderr } = await start(code, { fullDisk: true }).ended;
    expect(stderr).toBe(process.platform === 'linux' ? 'ENOSPC\n' : '');
  });

  it('is killed, also while it is stopped', async () => {
    const child = start('setInterval(() => {}, 1000)');
    child.signal('SIGSTOP');
    child.signal('SIGKILL');
    expect(await child.ended).toMatchObject({ status: undefined, signal: 'SIGKILL' });
    child.signal('SIGCONT'); // to nobody: no error
  });

  it('does not outlive the one that started it, however that one ends, even when it is stopped itself', async () => {
    const [main, pidFile, parent] = ['main.mjs', 'pid', 'parent.mjs'].map((name) => join(cwd, name)) as [string, string, string];
    writeFileSync(main, 'setInterval(() => {}, 1000)');
    writeFileSync(join(cwd, 'child.mjs'), transformSync(readFileSync(join(__dirname, 'child.ts'), 'utf8'), { loader: 'ts' }).code);
    writeFileSync(
      parent,
      `import { writeFileSync } from 'node:fs';
       import { startChild } from './child.mjs';
       const child = startChild(${JSON.stringify({ main, args: [], cwd, env: {} })});
       child.signal('SIGSTOP');
       writeFileSync(${JSON.stringify(pidFile)}, String(child.pid));
       process.kill(process.pid, 'SIGKILL');`,
    );
    const harness = spawn(process.execPath, [parent], { stdio: 'ignore' });
    await new Promise((resolve) => harness.once('close', resolve));
    const pid = Number(readFileSync(pidFile, 'utf8'));
    while (isThere(pid)) await delay(10);
  });
});

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}
