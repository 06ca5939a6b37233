import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

const app = import.meta.dirname;
const lines = readFileSync(join(app, 'Dockerfile'), 'utf8').split('\n');
const argumentsOf = (instruction: string): string[] =>
  lines.filter((line) => line.startsWith(`${instruction} `)).map((line) => line.slice(instruction.length + 1));

/** What the instructions COPY would put into the image, in a folder of this machine in place of `/app`. */
function imageFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'loadin-image-'));
  for (const copy of argumentsOf('COPY')) {
    const [target = '', ...patterns] = copy.split(' ').reverse();
    for (const file of patterns.flatMap((pattern) => globSync(pattern, { cwd: app }))) {
      const place = join(folder, target, basename(file));
      mkdirSync(dirname(place), { recursive: true });
      cpSync(join(app, file), place);
    }
  }
  return folder;
}

describe('the image', () => {
  const folder = imageFolder();
  afterAll(() => rmSync(folder, { recursive: true }));
  /** As the container does: the entry point, in a clean environment. */
  const run = (...command: string[]) => {
    const [, entry = ''] = JSON.parse(argumentsOf('ENTRYPOINT')[0] ?? '[]') as string[];
    const file = entry.replace(argumentsOf('WORKDIR')[0] ?? '', folder);
    return spawnSync(process.execPath, [file, ...command], { cwd: folder, env: { HOME: '/nonexistent' }, encoding: 'utf8' });
  };

  it('has the bundle, its threads and package.json, and nothing else', () => {
    expect(readdirSync(folder).sort()).toEqual(['dist', 'package.json']);
    expect(readdirSync(join(folder, 'dist')).sort()).toEqual(
      readdirSync(join(app, 'dist'))
        .filter((name) => name.endsWith('.mjs'))
        .sort(),
    );
  });

  it('runs on that alone', () => {
    const command = JSON.parse(argumentsOf('CMD')[0] ?? '[]') as string[];
    expect(run(...command)).toMatchObject({ status: 0, stderr: '', stdout: expect.stringMatching(/^Usage: loadin/) });
    expect(run('run', 'daily')).toMatchObject({ status: 2, stderr: expect.stringContaining('AWS_S3_BUCKET_RAW is missing') });
  });

  it('is built of what .dockerignore lets in, on the Node of this workspace, and is no root', () => {
    const allowed = readFileSync(join(app, '.dockerignore'), 'utf8')
      .split('\n')
      .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
    expect(
      argumentsOf('COPY')
        .flatMap((copy) => copy.split(' ').slice(0, -1))
        .sort(),
    ).toEqual(allowed.sort());
    const { devDependencies } = JSON.parse(readFileSync(join(app, '../../package.json'), 'utf8')) as { devDependencies: { node: string } };
    expect(argumentsOf('ARG')).toEqual([`NODE_IMAGE=public.ecr.aws/docker/library/node:${devDependencies.node}-slim`]);
    expect(argumentsOf('USER')).toEqual(['node']);
  });
});
