import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

jest.setTimeout(60_000);

const root = join(__dirname, '../../../..');
const functions = globSync('apps/*/package.json', { cwd: root })
  .filter((file) => (JSON.parse(readFileSync(join(root, file), 'utf8')) as { loadin?: { kind: string } }).loadin?.kind === 'lambda')
  .map((file) => dirname(file))
  .sort();

const hash = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

/** The packages that went into an app's bundle, by esbuild's account: `node_modules/axios`. */
function packagesOf(app: string): string[] {
  const { inputs } = JSON.parse(readFileSync(join(root, app, 'dist/meta.json'), 'utf8')) as { inputs: Record<string, unknown> };
  const found = Object.keys(inputs).flatMap((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  return [...new Set(found)];
}

/** What an app is built from and nothing else, with everything newer than it was. */
function copyOf(app: string, parent: string): string {
  const copy = join(parent, 'a checkout, elsewhere');
  const withoutOutput = (source: string): boolean => !/\/(node_modules|out-tsc|dist)$/.test(source);
  mkdirSync(join(copy, 'node_modules/@loadin'), { recursive: true });
  for (const file of ['package.json', 'tsconfig.base.json']) cpSync(join(root, file), join(copy, file));
  for (const file of globSync('tools/*/package.json', { cwd: root })) cpSync(join(root, file), join(copy, file));
  cpSync(join(root, app), join(copy, app), { recursive: true, filter: withoutOutput });
  for (const lib of globSync('libs/*', { cwd: root })) {
    cpSync(join(root, lib), join(copy, lib), { recursive: true, filter: (source) => !/\/(node_modules|out-tsc|src)$/.test(source) });
    symlinkSync(join(copy, lib), join(copy, 'node_modules/@loadin', lib.slice('libs/'.length)));
  }
  for (const path of packagesOf(app)) cpSync(join(root, path), join(copy, path), { recursive: true });
  return copy;
}

describe('a function that is built on another machine', () => {
  let parent: string;
  beforeAll(() => (parent = mkdtempSync(join(tmpdir(), 'same-bytes-'))));
  afterAll(() => rmSync(parent, { recursive: true }));

  it.each(functions)('%s has the same bytes: another folder, time zone, account and newer files', (app) => {
    const copy = copyOf(app, mkdtempSync(join(parent, 'machine-')));
    const env = { ...process.env, TZ: 'Pacific/Auckland', LC_ALL: 'C' };
    const build = ['sh', '-c', 'umask 077; exec "$@"', 'sh', process.execPath, join(root, 'tools/nx/src/build-app.mjs'), app] as const;
    const { status, stderr } = spawnSync(build[0], build.slice(1), { cwd: copy, encoding: 'utf8', env });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(hash(join(copy, app, 'dist/function.zip'))).toBe(hash(join(root, app, 'dist/function.zip')));
  });
});
