import type { StackName } from '@loadin/infrastructure';
import { STACKS } from '@loadin/infrastructure';
import { FatalError } from '@loadin/resilience';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { ChosenEnvironment } from './read-environment.js';

export interface CdkCall {
  readonly workspace: string;
  readonly environment: ChosenEnvironment;
  readonly stacks: readonly StackName[];
  /** `['deploy', '--require-approval', 'never']` */
  readonly command: readonly [string, ...string[]];
  /** Where templates and files go; of `made`: where they are. */
  readonly outdir: string;
  /** The command works on what an earlier one has written to `outdir`. Default false: templates are made anew. */
  readonly made?: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where the lines go that the CDK prints. */
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
}

/** The pinned one: the tag `latest` of aws-cdk has pointed at builds that can't read today's templates. */
const COMMAND = 'node_modules/aws-cdk/bin/cdk';
/** No telemetry, no notices, no paths of this machine in templates: nothing is asked of the network that the command itself does not need. */
const QUIET = ['--no-notices', '--no-version-reporting', '--no-path-metadata', '--no-asset-metadata'];

/** Lets the CDK's command work on these stacks and no others. @returns its exit status */
export async function callCdk(call: CdkCall): Promise<number> {
  const { workspace, environment, stacks, command, outdir, made = false } = call;
  const cdk = join(workspace, COMMAND);
  if (!existsSync(cdk)) throw new FatalError("The CDK's command is not installed", { where: cdk, hint: 'Install what the lock file says: npm ci' });
  const request = {
    workspace,
    apps: [...new Set(stacks.map((name) => STACKS[name].app))],
    environmentsFile: environment.file,
    environment: environment.settings.name,
    stacks,
  };
  // A shell runs it. Quotes around all of it would be taken off, so Node is found on the PATH: first the one that runs this.
  const app = `node "${join(workspace, 'apps/setup-scripts/bin/stacks.mjs')}"`;
  const source = made ? ['--app', outdir] : ['--app', app, '--output', outdir];
  const child = spawn(process.execPath, [cdk, ...command, ...stacks, ...source, ...QUIET], {
    cwd: workspace,
    env: {
      ...call.env,
      PATH: `${dirname(process.execPath)}${delimiter}${call.env['PATH'] ?? ''}`,
      LOADIN_STACKS: JSON.stringify(request),
      CDK_DISABLE_CLI_TELEMETRY: '1',
      AWS_REGION: environment.settings.region,
    },
    stdio: ['inherit', 'pipe', 'pipe'],
  });
  child.stdout.setEncoding('utf8').on('data', call.print);
  child.stderr.setEncoding('utf8').on('data', call.complain);
  return await new Promise((done, failed) => child.on('error', failed).on('close', (code) => done(code ?? 1)));
}
