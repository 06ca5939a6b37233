import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '../../../../..');
const bin = (name: string): string => join(root, 'node_modules/.bin', name);
const json = (path: string): Record<string, unknown> => JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;

/** A workspace with everything that a lib relies on and nothing else, in a path with a space. */
function smallWorkspace(): string {
  const workspace = join(mkdtempSync(join(tmpdir(), 'loadin-nx-')), 'a workspace');
  mkdirSync(join(workspace, 'libs'), { recursive: true });
  mkdirSync(join(workspace, 'tools/dev'), { recursive: true });
  for (const file of ['package.json', 'tsconfig.base.json', 'jest.preset.js', 'tools/dev/jest-resolver.cjs', '.prettierrc.json'])
    copyFileSync(join(root, file), join(workspace, file));
  writeFileSync(
    join(workspace, 'tsconfig.json'),
    JSON.stringify({ extends: './tsconfig.base.json', files: [], references: [{ path: './apps/z' }, { path: './libs/a' }, { path: './libs/z' }] }),
  );
  symlinkSync(join(root, 'node_modules'), join(workspace, 'node_modules'));
  return workspace;
}

function run(command: string, args: readonly string[], cwd: string): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, FORCE_COLOR: '0', NX_DAEMON: 'false' },
  });
  return { status, output: `${stdout}${stderr}` };
}
/** What the generator says to each of these options, in one process. */
function generate(workspace: string, options: readonly object[]): string[] {
  const { status, output } = run(process.execPath, [join(__dirname, 'generate.fixture.mjs'), workspace, JSON.stringify(options)], root);
  if (status !== 0) throw new Error(output);
  return JSON.parse(output) as string[];
}

/** Options that are wrong, and why; the lib of the other tests is there already. */
const refused: [options: object, message: string][] = [
  [{ name: 'Sqs', layer: 'adapter' }, 'A lib\'s name has small letters, digits and single hyphens, such as sqs-sink; this one is "Sqs"'],
  [{ name: '../x', layer: 'adapter' }, 'A lib\'s name has small letters, digits and single hyphens, such as sqs-sink; this one is "../x"'],
  [{ name: 'x', layer: 'tool' }, '--layer is one of utility, domain, application, adapter, composition, infrastructure, testing; this one is "tool"'],
  [{ name: 'sqs-sink', layer: 'adapter' }, 'libs/sqs-sink exists already; choose another name or remove it first'],
];

describe('nx g @loadin/nx:lib', () => {
  let workspace: string;
  let lib: string;
  let said: string[];

  beforeAll(() => {
    workspace = smallWorkspace();
    lib = join(workspace, 'libs/sqs-sink');
    said = generate(workspace, [{ name: 'sqs-sink', layer: 'adapter', description: 'Records to a queue.' }, ...refused.map(([options]) => options)]);
  }, 60_000);
  afterAll(() => rmSync(join(workspace, '..'), { recursive: true }));

  it('makes a lib like the ones that are there', () => {
    const like = join(root, 'libs/resilience');
    // What its own specifications use is each lib's own affair.
    const manifest = { ...json(join(like, 'package.json')) };
    delete manifest.devDependencies;
    expect(json(join(lib, 'package.json'))).toEqual({
      ...manifest,
      name: '@loadin/sqs-sink',
      description: 'Records to a queue.',
      nx: { tags: ['type:lib', 'layer:adapter'] },
      dependencies: {},
    });
    for (const file of ['tsconfig.json', 'tsconfig.lib.json', 'tsconfig.spec.json']) {
      expect({ ...json(join(lib, file)), references: null }).toEqual({ ...json(join(like, file)), references: null });
    }
    expect(readFileSync(join(lib, 'jest.config.js'), 'utf8')).toBe(
      readFileSync(join(like, 'jest.config.js'), 'utf8').replace('resilience', 'sqs-sink'),
    );
  });

  it('adds it to the root tsconfig.json in its place', () => {
    expect(json(join(workspace, 'tsconfig.json'))['references']).toEqual([
      { path: './apps/z' },
      { path: './libs/a' },
      { path: './libs/sqs-sink' },
      { path: './libs/z' },
    ]);
  });

  it('passes the type check, builds, and is formatted', () => {
    expect(run(bin('tsc'), ['-b', 'tsconfig.lib.json', 'tsconfig.spec.json'], lib)).toEqual({ status: 0, output: '' });
    expect(readFileSync(join(lib, 'dist/index.js'), 'utf8')).toContain('sqs-sink.js');
    expect(run(bin('prettier'), ['--check', '--ignore-path', '.none', 'src', 'package.json', 'README.md'], lib)).toMatchObject({ status: 0 });
  }, 60_000);

  it('passes its own specification, which runs the example of its README', () => {
    const { status, output } = run(bin('jest'), ['--ci'], lib);
    expect(output).toContain('Tests:       2 passed, 2 total');
    expect(status).toBe(0);
  }, 60_000);

  it('refuses what is no lib of the house', () => {
    expect(said).toEqual(['made', ...refused.map(([, message]) => message)]);
  });
});

it('is found by nx under its name, with the layers that lint knows', () => {
  const { status, output } = run(bin('nx'), ['g', '@loadin/nx:lib', 'never-written', '--layer=adapter', '--dry-run'], root);
  expect(output).toContain('CREATE libs/never-written/src/index.ts');
  expect(status).toBe(0);
  const config = readFileSync(join(root, 'eslint.config.mjs'), 'utf8');
  const schema = json(join(__dirname, 'schema.json')) as { properties: { layer: { enum: string[] } } };
  const layers = [...config.matchAll(/sourceTag: 'layer:(\w+)'/g)].map(([, layer]) => layer);
  expect(schema.properties.layer.enum.sort()).toEqual(layers.filter((layer) => layer !== 'app' && layer !== 'tool').sort());
}, 60_000);
