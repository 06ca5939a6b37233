import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildServerProgram, type ServerProgram } from './server-process.fixture.js';

describe('the server as a process', () => {
  let program: ServerProgram;
  let folder: string;
  beforeAll(async () => {
    program = buildServerProgram();
    folder = await mkdtemp(join(tmpdir(), 'main-'));
  });
  afterAll(async () => {
    program.remove();
    await rm(folder, { recursive: true });
  });

  const run = (...args: string[]): Promise<{ status: number | string | null | undefined; stderr: string }> =>
    new Promise((done) => {
      execFile(process.execPath, [program.file, ...args], (error, _stdout, stderr) => done({ status: error ? error.code : 0, stderr }));
    });

  it('says in one line what is wrong with its arguments, and ends with 2', async () => {
    expect(await run()).toEqual({ status: 2, stderr: expect.stringMatching(/^local-aws: --data-dir is missing\. Usage: [^\n]*\n$/) });
    const port = await run('--data-dir', folder, '--port', '70000');
    expect(port).toEqual({ status: 2, stderr: expect.stringMatching(/^local-aws: --port 70000 is not a port[^\n]*\n$/) });
  });

  it('says in one line why it can not start, and ends with 1', async () => {
    const file = join(folder, 'a-file');
    await writeFile(file, '');
    expect(await run('--data-dir', join(file, 'data'))).toEqual({ status: 1, stderr: expect.stringMatching(/^local-aws: [^\n]*a-file[^\n]*\n$/) });
  });
});
