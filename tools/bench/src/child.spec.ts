import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild, withChild } from './child.js';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'loadin-bench-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const child = (text: string): string => {
  const file = join(folder, `${String(Math.random()).slice(2)}.mjs`);
  writeFileSync(file, text);
  return file;
};

describe('a child process', () => {
  it('says lines of JSON, one after the other', async () => {
    const file = child('console.log(JSON.stringify({ n: process.argv[2], gc: typeof gc })); console.log("2"); setInterval(() => {}, 1e6);');
    const started = startChild<unknown>(file, { args: ['7'], nodeArgs: ['--expose-gc'] });
    expect(await withChild(started, async (first) => [first, await started.next()])).toEqual([{ n: '7', gc: 'function' }, 2]);
  });

  it('that ends too early is an error, not a wait', async () => {
    await expect(startChild(child('process.exitCode = 0;')).next()).rejects.toThrow(/ended before it had said all it should/);
  });

  it('is stopped when what runs beside it fails', async () => {
    const started = startChild<number>(child('console.log(process.pid); setInterval(() => {}, 1e6);'));
    let pid = 0;
    const failed = withChild(started, async (first) => {
      pid = first;
      throw new Error('no luck');
    });
    await expect(failed).rejects.toThrow('no luck');
    expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
  });
});
