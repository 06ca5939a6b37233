import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from './program.js';

describe('loadin local up, when a stack runs', () => {
  let cwd: string;
  let health: Server;
  beforeAll(async () => {
    health = createServer((_request, response) => void response.end('{}'));
    await new Promise<void>((resolve) => health.listen(0, '127.0.0.1', resolve));
    const AWS_ENDPOINT_URL = `http://127.0.0.1:${(health.address() as AddressInfo).port}`;
    cwd = await mkdtemp(join(tmpdir(), 'loadin local '));
    for (const dir of ['.loadin', "another's"]) {
      await mkdir(join(cwd, dir));
      await writeFile(join(cwd, dir, 'stack.json'), JSON.stringify({ pid: process.pid, startedAt: '2026-03-01', environment: { AWS_ENDPOINT_URL } }));
    }
  });
  afterAll(async () => {
    health.closeAllConnections();
    await new Promise((resolve) => health.close(resolve));
    await rm(cwd, { recursive: true });
  });

  const up = async (resultIsTerminal: boolean, ...args: string[]): Promise<{ stdout: string; last: string | undefined }> => {
    const said: string[] = [];
    let stdout = '';
    const output = {
      result: (text: string) => void (stdout += text),
      say: (line: string) => void said.push(line),
      resultIsTerminal,
      terminal: undefined,
    };
    const status = await runProgram(['local', 'up', ...args], {
      output,
      env: {},
      cwd,
      signal: new AbortController().signal,
      threadFile: new URL('file:///none'),
    });
    expect(status).toBe(0);
    return { stdout, last: said.at(-1) };
  };

  it('says on a terminal what makes the lines count, in a shell that evaluates them nothing', async () => {
    const shown = await up(true);
    const evaluated = await up(false);
    expect(shown.last).toBe('To use it in this shell: eval "$(npx loadin local up)"');
    expect(evaluated.last).toMatch(/^The local stack was running already/);
    expect(shown.stdout).toMatch(/^export AWS_ENDPOINT_URL=/);
    expect(evaluated.stdout).toBe(shown.stdout);
  });

  it('names the folder that was named', async () => {
    expect((await up(true, '--dir', "another's")).last).toBe(`To use it in this shell: eval "$(npx loadin local up --dir 'another'\\''s')"`);
  });
});
