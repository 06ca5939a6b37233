import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launcher } from './bundle.fixture.js';

const run = (file: string, ...args: string[]) =>
  spawnSync(process.execPath, [file, ...args], { encoding: 'utf8', env: { PATH: process.env['PATH'] } });

describe('the committed launcher', () => {
  it('is what npm links as `loadin`', () => {
    const { bin } = JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8')) as { bin: Record<string, string> };
    expect(join(__dirname, '..', bin['loadin'] ?? '')).toBe(launcher);
  });

  it('says what to build, with status 2, where nothing is built', () => {
    const dir = mkdtempSync(join(tmpdir(), 'loadin command '));
    mkdirSync(join(dir, 'bin'));
    copyFileSync(launcher, join(dir, 'bin/loadin.mjs'));
    const { status, stdout, stderr } = run(join(dir, 'bin/loadin.mjs'), '--help');
    rmSync(dir, { recursive: true });
    expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: '', stderr: 'loadin is not built yet. Build everything with: npm run build\n' });
  });

  it('starts the bundle', () => {
    expect(run(launcher, '--help')).toMatchObject({ status: 0, stderr: '', stdout: expect.stringMatching(/^Usage: loadin /) });
  });
});
