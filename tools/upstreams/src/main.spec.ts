import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

describe('the process of its own', () => {
  let folder: string;
  let script: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'upstreams-'));
    script = join(folder, 'main.mjs');
    await build({ entryPoints: [join(__dirname, 'main.ts')], outfile: script, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
  });
  afterAll(() => rm(folder, { recursive: true }));

  const start = (...args: string[]): ChildProcessWithoutNullStreams => spawn(process.execPath, [script, ...args]);
  const output = async (child: ChildProcessWithoutNullStreams, stream: 'stdout' | 'stderr'): Promise<string> => {
    for await (const chunk of child[stream]) return String(chunk);
    return '';
  };
  const ended = (child: ChildProcessWithoutNullStreams): Promise<unknown> =>
    new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));

  it('prints one JSON line when it is ready, serves, and ends with status 0 on SIGTERM', async () => {
    const child = start('--day', '2', '--limits', '{"ticketmaster":{"perSecond":50}}');
    const end = ended(child);
    const line = await output(child, 'stdout');
    expect(line.endsWith('}\n')).toBe(true);
    const ready = JSON.parse(line) as Record<string, string>;
    expect(ready).toMatchObject({ spotifyUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/), pid: child.pid, day: 2 });
    const limits = await fetch(`${ready['adminUrl']}/limits`);
    expect(((await limits.json()) as { ticketmaster: { perSecond: number } }).ticketmaster.perSecond).toBe(50);
    child.kill('SIGTERM');
    expect(await end).toBe(0);
  });

  it('ends with status 2 and one line on stderr when it is called wrongly', async () => {
    const child = start('--port', 'any');
    const [end, text] = await Promise.all([ended(child), output(child, 'stderr')]);
    expect(end).toBe(2);
    expect(text).toMatch(/^upstreams: --port "any": must be a whole number; usage: .*\n$/);
  });
});
