import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '../../..');

interface Case {
  readonly from: string;
  readonly imports: string;
  /** By `await import(…)`. */
  readonly lazily?: true;
}

/** Forbidden or allowed in each of these files; none of them exists. */
const allowed: Case[] = [
  { from: 'libs/s3-sink/src/x.ts', imports: '@loadin/pipeline' },
  { from: 'libs/s3-sink/src/x.ts', imports: '@loadin/transforms' },
  { from: 'libs/s3-sink/src/x.ts', imports: '@loadin/resilience' },
  { from: 'libs/pipeline/src/x.ts', imports: '@loadin/observability' },
  { from: 'libs/jobs/src/x.ts', imports: '@loadin/kinesis-sink', lazily: true },
  { from: 'apps/ingestion-lambda/src/x.ts', imports: '@loadin/jobs' },
  { from: 'apps/ingestion-lambda/stack.ts', imports: '@loadin/infrastructure/cdk' },
  { from: 'apps/setup-scripts/src/x.ts', imports: '@loadin/infrastructure' },
  { from: 'apps/setup-scripts/src/stacks/x.ts', imports: '@loadin/infrastructure/cdk' },
  { from: 'libs/infrastructure/src/lib/x.ts', imports: '@loadin/config' },
  { from: 'libs/s3-sink/src/x.spec.ts', imports: '@loadin/local-aws' },
  { from: 'libs/s3-sink/src/x.fixture.ts', imports: '@loadin/testing' },
];
/** By the layers, or because it closes a circle. */
const refusal = /^(A project tagged with "layer:\w+" can only depend on|Circular dependency between)/;
const forbidden: Case[] = [
  { from: 'libs/s3-sink/src/x.ts', imports: '@loadin/kinesis-sink' },
  { from: 'libs/kinesis-sink/src/x.ts', imports: '@loadin/checkpoint-store' },
  { from: 'libs/api-clients/src/x.ts', imports: '@loadin/jobs' },
  { from: 'libs/pipeline/src/x.ts', imports: '@loadin/s3-sink' },
  { from: 'libs/pipeline/src/x.ts', imports: '@loadin/transforms' },
  { from: 'libs/transforms/src/x.ts', imports: '@loadin/pipeline' },
  { from: 'libs/resilience/src/x.ts', imports: '@loadin/pipeline' },
  { from: 'libs/config/src/x.ts', imports: '@loadin/jobs' },
  { from: 'libs/s3-sink/src/x.ts', imports: '@loadin/testing' },
  { from: 'libs/s3-sink/src/x.ts', imports: '@loadin/local-aws' },
  { from: 'libs/jobs/src/x.ts', imports: '@loadin/upstreams' },
  { from: 'apps/ingestion-lambda/src/x.ts', imports: '@loadin/local-aws' },
  { from: 'libs/s3-sink/src/x.spec.ts', imports: '@loadin/kinesis-sink' },
  { from: 'apps/ingestion-lambda/src/x.ts', imports: '@loadin/local-aws', lazily: true },
  { from: 'apps/ingestion-lambda/src/x.ts', imports: '@loadin/infrastructure' },
  { from: 'libs/jobs/src/x.ts', imports: '@loadin/infrastructure' },
  { from: 'libs/infrastructure/src/lib/x.ts', imports: '@loadin/jobs' },
];
/** The CDK in what runs: not by the layers, but by name. */
const withoutCdk: Case[] = [
  { from: 'apps/setup-scripts/src/x.ts', imports: '@loadin/infrastructure/cdk' },
  { from: 'apps/setup-scripts/src/x.ts', imports: 'aws-cdk-lib' },
  { from: 'libs/infrastructure/src/lib/x.ts', imports: 'aws-cdk-lib/aws-s3' },
];
const sourceOf = ({ imports, lazily }: Case): string =>
  lazily ? `export const load = () => import('${imports}');\n` : `import * as it from '${imports}';\nexport const kept = it;\n`;

describe('the direction of dependencies', () => {
  const verdicts = new Map<Case, { ruleId: string; message: string }[]>();

  beforeAll(() => {
    const cases = [...allowed, ...forbidden, ...withoutCdk];
    const input = JSON.stringify(cases.map((one) => ({ filePath: join(root, one.from), text: sourceOf(one) })));
    const env = { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', FORCE_COLOR: '0' };
    const { status, stderr, output } = spawnSync(process.execPath, [join(__dirname, 'lint.fixture.mjs')], {
      cwd: root,
      input,
      env,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    });
    if (status !== 0) throw new Error(`The linter failed: ${stderr}`);
    (JSON.parse(output[3] ?? '') as { ruleId: string; message: string }[][]).forEach((messages, index) => {
      const found = cases[index];
      if (found !== undefined) verdicts.set(found, messages);
    });
  }, 60_000);

  it.each(forbidden)('$from may not import $imports', (one) => {
    expect(verdicts.get(one)).toEqual([{ ruleId: '@nx/enforce-module-boundaries', message: expect.stringMatching(refusal) }]);
  });

  it.each(withoutCdk)('$from may not import $imports', (one) => {
    expect(verdicts.get(one)).toEqual([{ ruleId: 'no-restricted-imports', message: expect.stringMatching(/Only stacks know the CDK\.$/) }]);
  });

  // These alone would also pass with the rule switched off or skipped; the forbidden ones would not.
  it.each(allowed)('$from may import $imports', (one) => {
    expect(verdicts.get(one)).toEqual([]);
  });
});
