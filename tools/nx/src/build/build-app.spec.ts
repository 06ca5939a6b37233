import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';

const root = join(__dirname, '../../../..');
const command = join(__dirname, '../build-app.mjs');
const app = 'apps/demo';

interface Workspace {
  readonly dir: string;
  write(path: string, text: string): void;
  manifest(loadin: unknown): void;
  build(env?: Record<string, string>, umask?: string): { status: number | null; output: string };
  read(path: string): Buffer;
}

const made: string[] = [];
afterAll(() => made.forEach((dir) => rmSync(dir, { recursive: true })));

/** A workspace with one app; `name` becomes part of its path. */
function workspaceIn(name: string): Workspace {
  const parent = mkdtempSync(join(tmpdir(), 'build-app-'));
  made.push(parent);
  const dir = join(parent, name);
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  };
  const manifest = (loadin: unknown): void => write(`${app}/package.json`, JSON.stringify({ name: '@loadin/demo', type: 'module', loadin }));
  write('tsconfig.base.json', readFileSync(join(root, 'tsconfig.base.json'), 'utf8'));
  write('tools/fake/package.json', JSON.stringify({ name: '@loadin/fake-tool', type: 'module', exports: './index.js' }));
  write('tools/fake/index.js', 'export const tool = 1;');
  mkdirSync(join(dir, 'node_modules/@loadin'), { recursive: true });
  symlinkSync(join(dir, 'tools/fake'), join(dir, 'node_modules/@loadin/fake-tool'));
  for (const dependency of ['fflate', 'axios', 'form-data', 'follow-redirects', 'proxy-from-env']) {
    if (existsSync(join(root, 'node_modules', dependency)))
      symlinkSync(join(root, 'node_modules', dependency), join(dir, 'node_modules', dependency));
  }
  manifest({ kind: 'lambda', entry: 'src/handler.ts' });
  write(`${app}/src/handler.ts`, `import { hello } from './hello.js';\nexport const handler = async (who: string): Promise<string> => hello(who);\n`);
  write(
    `${app}/src/hello.ts`,
    `import { createHash } from 'node:crypto';\nexport class Greeter {}\nexport const hello = (who: string): string => 'Grüß ' + who + ' ' + Greeter.name + createHash('md5').update(who).digest('hex');\n`,
  );
  return {
    dir,
    write,
    manifest,
    build: (env = {}, umask = '022') => {
      const options = { cwd: dir, encoding: 'utf8', env: { ...process.env, ...env } } as const;
      const { status, stdout, stderr } = spawnSync('sh', ['-c', `umask ${umask}; exec "$@"`, 'sh', process.execPath, command, app], options);
      return { status, output: `${stdout}${stderr}` };
    },
    read: (path) => readFileSync(join(dir, app, 'dist', path)),
  };
}
const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe('a Lambda', () => {
  it('becomes one file that exports the handler, where it imports nothing later, and a zip of it', () => {
    const workspace = workspaceIn('w');
    const { status, output } = workspace.build();
    expect({ status, output: output.replaceAll(/ +\d+ kB/g, '') }).toEqual({
      status: 0,
      output: `${app}/dist/index.mjs\n${app}/dist/function.zip\n`,
    });
    const zipped = unzipSync(workspace.read('function.zip'));
    expect(Object.keys(zipped)).toEqual(['index.mjs']);
    expect(strFromU8(zipped['index.mjs'] ?? new Uint8Array())).toBe(workspace.read('index.mjs').toString('utf8'));
    const script = `import { handler } from ${JSON.stringify(join(workspace.dir, app, 'dist/index.mjs'))}; console.log(await handler('Ada'));`;
    expect(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })).toMatch(/^Grüß Ada Greeter[0-9a-f]{32}\n$/);
  });

  it('gives the same bytes when it is built again: in another folder, another time zone, by another account, from older files', () => {
    const [first, second] = [workspaceIn('first'), workspaceIn('second, with a space')];
    first.build({ TZ: 'UTC' });
    const before = hash(first.read('function.zip'));
    first.build({ TZ: 'Pacific/Auckland' }, '077');
    for (const file of ['src/handler.ts', 'src/hello.ts', 'package.json']) utimesSync(join(second.dir, app, file), 0, new Date('2001-02-03'));
    second.build({ TZ: 'America/Lima' }, '002');
    expect(hash(first.read('function.zip'))).toBe(before);
    expect(hash(second.read('function.zip'))).toBe(before);
    for (const file of ['index.mjs', 'index.mjs.map', 'meta.json']) expect(second.read(file).toString('utf8')).not.toContain(second.dir);
  });

  it('has a zip that unzip tools accept, with files that everyone may read', () => {
    const workspace = workspaceIn('w');
    workspace.build();
    // The external attributes in the central directory; the upper half is the Unix mode.
    const zip = workspace.read('function.zip');
    const entry = zip.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    expect((zip.readUInt32LE(entry + 38) >>> 16).toString(8)).toBe('100644');
  });

  it('takes assets along, beside the bundle and in the zip', () => {
    const workspace = workspaceIn('w');
    workspace.write('libs/config/jobs.yaml', 'jobs: {}\n');
    workspace.manifest({ kind: 'lambda', entry: 'src/handler.ts', assets: [{ from: '../../libs/config/jobs.yaml', to: 'jobs.yaml' }] });
    expect(workspace.build()).toMatchObject({ status: 0 });
    expect(workspace.read('jobs.yaml').toString()).toBe('jobs: {}\n');
    expect(Object.keys(unzipSync(workspace.read('function.zip')))).toEqual(['index.mjs', 'jobs.yaml']);
  });

  it('loads no part of Node before it is used: not fetch and WebSocket with node:http, and HTTP/2 late', () => {
    const workspace = workspaceIn('w');
    workspace.write(
      `${app}/src/handler.ts`,
      `import http, { STATUS_CODES } from 'node:http';\nimport * as fs from 'fs';\nimport http2 from 'node:http2';\nconst { constants } = http2;\nexport const handler = async () => [http.STATUS_CODES === STATUS_CODES, typeof fs.readFileSync, http.METHODS.includes('GET'), constants.HTTP2_METHOD_GET, typeof http2.connect];\n`,
    );
    expect(workspace.build()).toMatchObject({ status: 0 });
    const script = `const { handler } = await import(${JSON.stringify(join(workspace.dir, app, 'dist/index.mjs'))});
      const loaded = (part) => process.moduleLoadList.some((name) => name.startsWith('NativeModule') && name.includes(part));
      console.log(JSON.stringify([loaded('http2'), ...(await handler()), loaded('undici'), loaded('http2')]));`;
    expect(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })).toBe(
      '[false,true,"function",true,"GET","function",false,true]\n',
    );
  });

  describe('with parts that it imports later', () => {
    const later = (): Workspace => {
      const workspace = workspaceIn('w');
      workspace.write(
        `${app}/src/handler.ts`,
        `import { shared } from './shared.js';
export const handler = async (what: string) => (what === 'tables' ? (await import('./tables/load.js')).load() : what === 'lists' ? (await import('./lists.js')).list() : shared());
`,
      );
      workspace.write(`${app}/src/shared.ts`, `export const shared = (): string => 'shared ${'s'.repeat(100)}';\n`);
      workspace.write(
        `${app}/src/lists.ts`,
        `import { shared } from './shared.js';\nexport const list = (): string => shared() + ' list ${'l'.repeat(1_000)}';\n`,
      );
      workspace.write(
        `${app}/src/tables/load.ts`,
        `import { shared } from '../shared.js';\nexport const load = (): string => shared() + ' table ${'t'.repeat(10_000)}';\n`,
      );
      return workspace;
    };
    const apart = (maxBytes: number) => ({ tables: { modules: ['/tables/'], maxBytes } });

    it('has them in files of their own, which are in the zip, and the same wherever it is built', () => {
      const [workspace, elsewhere] = [later(), later()];
      expect(workspace.build()).toMatchObject({ status: 0 });
      expect(elsewhere.build({ TZ: 'Pacific/Auckland' })).toMatchObject({ status: 0 });
      expect(hash(elsewhere.read('function.zip'))).toBe(hash(workspace.read('function.zip')));
      const names = Object.keys(unzipSync(workspace.read('function.zip')));
      expect(names).toEqual(['index.mjs', ...names.slice(1)]);
      for (const name of names.slice(1)) expect(name).toMatch(/^parts\/[\w.-]+\.mjs$/);
      expect(workspace.read('index.mjs').toString()).not.toMatch(/llll|tttt/);
      const script = `const { handler } = await import(${JSON.stringify(join(workspace.dir, app, 'dist/index.mjs'))}); for (const what of ['tables', 'lists', '']) console.log((await handler(what)).replace(/(.)\\1+/g, ''));`;
      expect(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })).toBe(
        'shared  table \nshared  list \nshared \n',
      );
    });

    it('has threads in files of their own beside its entry, wherever the part lies that starts them, and in the zip', () => {
      const workspace = later();
      workspace.manifest({
        ...{ kind: 'lambda', entry: 'src/handler.ts', maxBytes: 4_000, apart: apart(11_000) },
        threads: { echo: { module: `./${app}/src/echo.ts`, maxBytes: 10_000 } },
      });
      workspace.write(
        `${app}/src/handler.ts`,
        `const file = new URL('./echo.mjs', import.meta.url);\nexport const handler = async () => (await import('./tables/load.js')).load(file);\n`,
      );
      workspace.write(
        `${app}/src/tables/load.ts`,
        `import { Worker } from 'node:worker_threads';\nexport const load = (file: URL) => new Promise((resolve) => new Worker(file).once('message', resolve));\n`,
      );
      workspace.write(`${app}/src/echo.ts`, `import { parentPort } from 'node:worker_threads';\nparentPort?.postMessage('${'e'.repeat(8_000)}');\n`);
      expect(workspace.build()).toMatchObject({ status: 0 });
      expect(Object.keys(unzipSync(workspace.read('function.zip')))).toContain('echo.mjs');
      const sizes = JSON.parse(workspace.read('sizes.json').toString()) as { bytes: number; threads: { echo: number } };
      expect([sizes.bytes > 4_000, sizes.threads.echo > 8_000]).toEqual([false, true]);
      workspace.write('use.mjs', `const { handler } = await import('./${app}/dist/index.mjs'); console.log((await handler()).length);`);
      expect(execFileSync(process.execPath, [join(workspace.dir, 'use.mjs')], { encoding: 'utf8' })).toBe('8000\n');

      workspace.manifest({
        ...{ kind: 'lambda', entry: 'src/handler.ts', apart: apart(11_000) },
        threads: { echo: { module: `./${app}/src/echo.ts`, maxBytes: 1_000 } },
      });
      const { status, output } = workspace.build();
      expect({ status, output }).toEqual({
        status: 1,
        output: expect.stringMatching(/its thread echo has \d+ bytes, more than loadin\.threads\.echo\.maxBytes \(1000\)/) as string,
      });
    });

    it('says what is loaded when, and holds each to its budget', () => {
      const workspace = later();
      workspace.manifest({ kind: 'lambda', entry: 'src/handler.ts', maxBytes: 4_000, apart: apart(11_000) });
      expect(workspace.build().output).toMatch(/\ncode: 1 kB at the start of [23] kB, 10 kB for tables alone\n$/);
      const sizes = JSON.parse(workspace.read('sizes.json').toString()) as { start: number; bytes: number; apart: { tables: number } };
      expect(sizes.bytes).toBeGreaterThan(sizes.start + 1_000);
      expect(sizes.apart.tables).toBeGreaterThan(10_000);
      workspace.manifest({ kind: 'lambda', entry: 'src/handler.ts', maxBytes: 1_000, apart: apart(9_000) });
      expect(workspace.build()).toMatchObject({
        status: 1,
        output: expect.stringMatching(
          /index\.mjs with what it imports has \d+ bytes, more than loadin\.maxBytes \(1000\); its part tables has \d+ bytes, more than loadin\.apart\.tables\.maxBytes \(9000\); largest parts: apps\/demo/,
        ) as string,
      });
    });
  });

  it('keeps form-data out of axios, which says so should a form be sent after all', () => {
    const workspace = workspaceIn('w');
    workspace.write(`${app}/src/handler.ts`, `import axios from 'axios';\nexport const handler = async () => axios.toFormData({ a: 1 });\n`);
    expect(workspace.build()).toMatchObject({ status: 0 });
    const script = `const { handler } = await import(${JSON.stringify(join(workspace.dir, app, 'dist/index.mjs'))}); await handler().catch((error) => console.log(error.message));`;
    expect(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })).toMatch(
      /^Multipart forms are left out of this bundle/,
    );
  });
});

describe('a command', () => {
  it('becomes main.mjs, loads tools when it runs, and has no zip', () => {
    const workspace = workspaceIn('w');
    workspace.manifest({ kind: 'cli', entry: 'src/main.ts' });
    workspace.write(`${app}/src/main.ts`, `console.log((await import('@loadin/fake-tool')).tool);\n`);
    expect(workspace.build()).toMatchObject({ status: 0 });
    expect(workspace.read('main.mjs').toString()).toContain('"@loadin/fake-tool"');
    expect(existsSync(join(workspace.dir, app, 'dist/function.zip'))).toBe(false);
    expect(execFileSync(process.execPath, [join(workspace.dir, app, 'dist/main.mjs')], { encoding: 'utf8' })).toBe('1\n');
  });
});

describe('a build that must not pass', () => {
  const refused: [what: string, change: (workspace: Workspace) => void, message: string | RegExp][] = [
    [
      'an entry that does not exist',
      ({ manifest }) => manifest({ kind: 'lambda', entry: 'src/gone.ts' }),
      'Error: apps/demo/package.json: "loadin" names src/gone.ts, which does not exist',
    ],
    [
      'an unknown kind',
      ({ manifest }) => manifest({ kind: 'server', entry: 'src/handler.ts' }),
      '"loadin".kind is "server"; it is "lambda" or "cli"',
    ],
    ['no manifest', ({ manifest }) => manifest(undefined), '"loadin" is missing'],
    [
      'a Lambda without a handler',
      ({ write }) => write(`${app}/src/handler.ts`, 'export const other = 1;'),
      'Error: apps/demo/src/handler.ts must export `handler`',
    ],
    [
      'a tool inside a Lambda',
      ({ write }) => write(`${app}/src/handler.ts`, `import { tool } from '@loadin/fake-tool';\nexport const handler = tool;`),
      "@loadin/fake-tool is a tool and can't be part of a Lambda",
    ],
    [
      'a lib that was not built',
      ({ write }) => write(`${app}/src/handler.ts`, `export * from '@loadin/nowhere';\nexport const handler = 1;`),
      'build its libs first: npx nx build demo',
    ],
    [
      'a part without a budget',
      ({ manifest }) => manifest({ kind: 'lambda', entry: 'src/handler.ts', apart: { tables: { modules: [] } } }),
      '"loadin".apart.tables is { "modules": ["…"], "maxBytes": … }',
    ],
    [
      'a thread without a module',
      ({ manifest }) => manifest({ kind: 'lambda', entry: 'src/handler.ts', threads: { echo: { maxBytes: 1 } } }),
      '"loadin".threads.echo is { "module": "…", "maxBytes": … }',
    ],
    [
      'a bundle over its budget',
      ({ manifest }) => manifest({ kind: 'lambda', entry: 'src/handler.ts', maxBytes: 100 }),
      /with what it imports has \d+ bytes, more than loadin.maxBytes \(100\); largest parts: apps\/demo/,
    ],
  ];

  it.each(refused)('%s', (_what, change, message) => {
    const workspace = workspaceIn('w');
    change(workspace);
    const { status, output } = workspace.build();
    expect(output).toEqual(expect.stringMatching(message instanceof RegExp ? message : new RegExp(message.replaceAll(/[^\w ]/g, '\\$&'))));
    expect(status).toBe(1);
  });
});
