import { startLocalAws } from '@loadin/local-aws';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '../../../..');
const USAGE = 'Usage: nx <synth|diff|deploy> <app> [-- --environment dev] [--file <path>], synth: [--out <folder>], deploy: [--yes] [--code-only]\n';

describe('nx deploy', () => {
  let dir: string;
  let file: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'deploy-app-'));
    file = join(dir, 'environments.yaml');
    const places = "dev: { account: '123456789012', region: eu-west-1 }\n  prod: { account: '210987654321', region: eu-west-1 }";
    writeFileSync(file, `version: 1\nenvironments:\n  ${places}\n`);
    writeFileSync(join(dir, 'wrong.yaml'), "version: 1\nenvironments:\n  dev: { account: '1', region: eu-west-1 }\n");
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  /** The command as Nx calls it, where nobody answers for AWS. */
  const run = (...args: string[]) => {
    const env = { PATH: process.env['PATH'], HOME: dir, AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y' };
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(__dirname, '../deploy-app.mjs'), ...args], {
      cwd: root,
      encoding: 'utf8',
      env,
    });
    return { status, printed: `${stdout}${stderr}`.replaceAll(dir, '…') };
  };
  const deploy = (...args: string[]) => run('deploy', 'apps/ingestion-lambda', ...args);

  it('swaps no code in production: that could not be taken back', () => {
    expect(deploy('--file', file, '--environment=prod', '--code-only')).toEqual({
      status: 1,
      printed: 'Error: prod is a production environment: its code changes by versions that can be taken back; leave out --code-only\n',
    });
  });

  it('deploys to production only when that is meant', () => {
    expect(deploy('--file', file, '--environment', 'prod')).toEqual({
      status: 1,
      printed: 'Error: prod is a production environment: say with --yes that it is meant; nx diff ingestion-lambda shows what would change\n',
    });
  });

  it('names the environments that there are', () => {
    expect(deploy('--file', file, '--environment', 'test')).toEqual({
      status: 1,
      printed: 'Error: there is no environment test in …/environments.yaml; it has dev, prod\n',
    });
    expect(deploy('--file', join(dir, 'gone.yaml'))).toEqual({
      status: 1,
      printed: 'Error: there is no …/gone.yaml; say with --file where the environments are written\n',
    });
  });

  it('says where an environments file is wrong', () => {
    expect(deploy('--file', join(dir, 'wrong.yaml'))).toMatchObject({
      status: 1,
      printed: expect.stringMatching(/^Error: …\/wrong\.yaml:3:\d+ environments\.dev\.account /) as string,
    });
  });

  it('has no code of a command to swap', () => {
    expect(run('deploy', 'apps/setup-scripts', '--file', file, '--code-only')).toEqual({
      status: 1,
      printed: 'Error: apps/setup-scripts is no function: it has no code that could be swapped alone\n',
    });
  });

  it.each([[['--yes']], [['--code-only']]])('%s refuses credentials of another account before anything is tested or called', async (args) => {
    const server = await startLocalAws({ dataDir: join(dir, `aws${args.join()}`) });
    try {
      const env = { PATH: process.env['PATH'], HOME: dir, AWS_ENDPOINT_URL: server.url, AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y' };
      const child = spawn(process.execPath, [join(__dirname, '../deploy-app.mjs'), 'deploy', 'apps/ingestion-lambda', '--file', file, ...args], {
        cwd: root,
        env,
      });
      let printed = '';
      for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
      const status = await new Promise((resolve) => child.on('close', resolve));
      expect({ status, printed, calls: server.requests() }).toEqual({
        status: 1,
        printed:
          'Error: These credentials are of account 000000000000, and environment dev is in 123456789012 (environments.dev.account). ' +
          "Take that account's (aws sso login, AWS_PROFILE); a local stack is not deployed to: unset AWS_ENDPOINT_URL and its keys.\n",
        calls: { sts: { GetCallerIdentity: 1 } },
      });
    } finally {
      await server.close();
    }
  });

  it.each<[args: string[], message: string]>([
    [['destroy', 'apps/ingestion-lambda'], 'destroy is none of synth, diff, deploy'],
    [['deploy', 'ingestion-lambda'], 'ingestion-lambda is no folder of an app, such as apps/ingestion-lambda'],
    [['diff', 'apps/ingestion-lambda', '--code-only'], '--code-only is for deploy, not for diff'],
    [['deploy', 'apps/ingestion-lambda', '--environment'], '--environment needs a value'],
    [['deploy', 'apps/ingestion-lambda', '--yess'], '--yess is no option of deploy'],
    [['deploy', 'apps/ingestion-lambda', '--out=x'], '--out is no option of deploy'],
    [['diff', 'apps/ingestion-lambda', '--yes'], '--yes is no option of diff'],
    [['synth', 'apps/ingestion-lambda', 'storage'], 'storage is no option of synth'],
  ])('%s: wrong usage', (args, message) => expect(run(...args)).toEqual({ status: 2, printed: `Error: ${message}\n${USAGE}` }));
});
