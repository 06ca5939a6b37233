import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

  it("leaves out the SDK's warning about Node 20, and no other, and none that is asked for", () => {
    const dir = mkdtempSync(join(tmpdir(), 'loadin command '));
    mkdirSync(join(dir, 'bin'));
    mkdirSync(join(dir, 'dist'));
    copyFileSync(launcher, join(dir, 'bin/loadin.mjs'));
    // What each client of the SDK calls when it is made, as on Node 20.
    writeFileSync(
      join(dir, 'dist/main.mjs'),
      `import { createRequire } from 'node:module';
       process.emitWarning('of another kind');
       createRequire(${JSON.stringify(__filename)})('@aws-sdk/core/client').emitWarningIfUnsupportedVersion('v20.19.0');`,
    );
    const warnings = (env: Readonly<Record<string, string>>): string[] =>
      spawnSync(process.execPath, [join(dir, 'bin/loadin.mjs')], { encoding: 'utf8', env: { PATH: process.env['PATH'], ...env } }).stderr.match(
        /(?<=Warning: )(?:NodeVersionSupportWarning|of another kind)/g,
      ) ?? [];
    const [byDefault, asked] = [warnings({}), warnings({ AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'false' })];
    rmSync(dir, { recursive: true });
    expect({ byDefault, asked }).toEqual({ byDefault: ['of another kind'], asked: ['of another kind', 'NodeVersionSupportWarning'] });
  });

  it('starts the bundle', () => {
    expect(run(launcher, '--help')).toMatchObject({ status: 0, stderr: '', stdout: expect.stringMatching(/^Usage: loadin /) });
  });
});
