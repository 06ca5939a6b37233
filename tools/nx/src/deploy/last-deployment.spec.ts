import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const EVERYTHING = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const script = join(__dirname, 'last-deployment.mjs');

interface Deployment {
  readonly id: number;
  readonly sha: string;
  readonly environment: string;
  /** Newest first, as GitHub has them. */
  readonly states: readonly string[];
}

/** What GitHub's API says about deployments; without the token it says nothing. */
async function startGitHub(deployments: readonly Deployment[]): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://github');
    const statuses = /^\/repos\/o\/r\/deployments\/(\d+)\/statuses$/.exec(pathname);
    const answer = statuses
      ? deployments.find(({ id }) => id === Number(statuses[1]))?.states.map((state) => ({ state }))
      : deployments.filter(({ environment }) => environment === searchParams.get('environment')).map(({ id, sha }) => ({ id, sha }));
    const allowed = request.headers.authorization === 'Bearer t0ken';
    response.writeHead(allowed ? 200 : 403, { 'content-type': 'application/json' }).end(JSON.stringify(allowed ? answer : { message: 'Forbidden' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

describe('what a deployment is compared with', () => {
  let dir: string;
  let commits: string[];
  let server: Server | undefined;

  const git = (...args: string[]): string => {
    const identity = ['-c', 'user.name=A', '-c', 'user.email=a@example.org', '-c', 'commit.gpgsign=false'];
    return spawnSync('git', [...identity, ...args], { cwd: dir, encoding: 'utf8' }).stdout.trim();
  };
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'last-deployment-'));
    git('init', '--quiet');
    commits = ['one', 'two', 'three'].map((text) => {
      writeFileSync(join(dir, 'file'), text);
      git('add', 'file');
      git('commit', '--quiet', '-m', text);
      return git('rev-parse', 'HEAD');
    });
  });
  afterAll(() => rmSync(dir, { recursive: true }));
  afterEach(() => server?.close());

  async function run(deployments: readonly Deployment[], env: Record<string, string> = {}) {
    const github = await startGitHub(deployments);
    server = github.server;
    const output = join(dir, '.git', 'output');
    writeFileSync(output, '');
    const variables = { GITHUB_API_URL: github.url, GITHUB_REPOSITORY: 'o/r', GITHUB_TOKEN: 't0ken', GITHUB_OUTPUT: output, EVERYTHING: '', ...env };
    const child = spawn(process.execPath, [script, 'staging'], { cwd: dir, env: { ...process.env, ...variables } });
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
    return { status, printed, output: readFileSync(output, 'utf8') };
  }
  const at = (index: number): string => commits[index] ?? '';
  const deployment = (id: number, sha: string, ...states: string[]): Deployment => ({ id, sha, environment: 'staging', states });

  it('is the newest commit that was deployed there with success, though a later one failed', async () => {
    const found = await run([
      deployment(3, at(2), 'in_progress', 'queued'),
      deployment(2, at(1), 'failure', 'in_progress'),
      { ...deployment(4, at(2), 'success'), environment: 'dev' },
      deployment(1, at(0), 'inactive', 'success', 'in_progress'),
    ]);
    expect(found).toEqual({ status: 0, printed: `staging: deployed is what has changed since ${at(0)}\n`, output: `base=${at(0)}\n` });
  });

  it('is nothing at all when no deployment has succeeded: every app is new', async () => {
    const found = await run([deployment(1, at(0), 'failure')]);
    expect(found).toMatchObject({
      status: 0,
      output: `base=${EVERYTHING}\n`,
      printed: expect.stringMatching(/no deployment before this one/) as string,
    });
  });

  it('is nothing at all when one goes back to an older commit, where Nx would find no difference', async () => {
    git('checkout', '--quiet', at(0));
    const found = await run([deployment(1, at(2), 'success')]);
    git('checkout', '--quiet', at(2));
    expect(found).toMatchObject({
      status: 0,
      output: `base=${EVERYTHING}\n`,
      printed: expect.stringMatching(/is no ancestor of this commit/) as string,
    });
  });

  it('is nothing at all when everything is asked for', async () => {
    expect(await run([deployment(1, at(1), 'success')], { EVERYTHING: 'true' })).toMatchObject({ status: 0, output: `base=${EVERYTHING}\n` });
  });

  it('names the permission that the job lacks', async () => {
    const found = await run([], { GITHUB_TOKEN: 'other' });
    expect(found).toEqual({
      status: 1,
      printed: 'Error: GitHub answered 403 to deployments?environment=staging&per_page=100; the job needs the permission deployments: read\n',
      output: '',
    });
  });

  it('says how it is called outside of a workflow', async () => {
    expect(await run([], { GITHUB_OUTPUT: '' })).toMatchObject({ status: 2, printed: expect.stringMatching(/^Usage: /) as string });
  });
});
