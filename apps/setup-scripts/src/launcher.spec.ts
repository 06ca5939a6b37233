import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const launcher = join(__dirname, '../bin/loadin-setup.mjs');
const run = (file: string, ...args: string[]) =>
  spawnSync(process.execPath, [file, ...args], { encoding: 'utf8', env: { PATH: process.env['PATH'] } });

describe('the committed launcher', () => {
  it('says what to build, with status 2, where nothing is built', () => {
    const dir = mkdtempSync(join(tmpdir(), 'loadin setup '));
    mkdirSync(join(dir, 'bin'));
    copyFileSync(launcher, join(dir, 'bin/loadin-setup.mjs'));
    const { status, stderr } = run(join(dir, 'bin/loadin-setup.mjs'), 'create');
    rmSync(dir, { recursive: true });
    expect({ status, stderr }).toEqual({ status: 2, stderr: 'loadin-setup is not built yet. Build everything with: npm run build\n' });
  });

  it("leaves out the SDK's warning about Node 20, and no other, and none that is asked for", () => {
    const dir = mkdtempSync(join(tmpdir(), 'loadin setup '));
    mkdirSync(join(dir, 'bin'));
    mkdirSync(join(dir, 'dist'));
    copyFileSync(launcher, join(dir, 'bin/loadin-setup.mjs'));
    // What each client of the SDK calls when it is made, as on Node 20.
    writeFileSync(
      join(dir, 'dist/main.mjs'),
      `import { createRequire } from 'node:module';
       process.emitWarning('of another kind');
       createRequire(${JSON.stringify(__filename)})('@aws-sdk/core/client').emitWarningIfUnsupportedVersion('v20.19.0');`,
    );
    const warnings = (env: Readonly<Record<string, string>>): string[] =>
      spawnSync(process.execPath, [join(dir, 'bin/loadin-setup.mjs')], { encoding: 'utf8', env: { PATH: process.env['PATH'], ...env } }).stderr.match(
        /(?<=Warning: )(?:NodeVersionSupportWarning|of another kind)/g,
      ) ?? [];
    const [byDefault, asked] = [warnings({}), warnings({ AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'false' })];
    rmSync(dir, { recursive: true });
    expect({ byDefault, asked }).toEqual({ byDefault: ['of another kind'], asked: ['of another kind', 'NodeVersionSupportWarning'] });
  });

  // What is deployed: `nx test` builds it first; a bare `jest` needs `npx nx build setup-scripts`.
  it('starts the bundle', () => {
    expect(existsSync(join(__dirname, '../dist/main.mjs'))).toBe(true);
    const { status, stdout, stderr } = run(launcher, '--help');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: loadin-setup/);
  });

  it('of the bundle validates settings (which needs the decorators of a lib) and says what is missing', () => {
    const { status, stderr } = run(launcher, 'create');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^2 settings are missing or wrong:[^]*AWS_REGION is missing[^]*AWS_S3_BUCKET_RAW is missing/);
  });
});
