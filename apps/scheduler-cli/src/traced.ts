import { loadEnvironment } from '@loadin/config';
import type { SpanAttributes } from '@loadin/observability';
import { withTracing, type AwsKeys } from '@loadin/tracing';
import { EXIT } from './exit-status.js';
import { createTerminalLogger } from './logging.js';
import type { Shell } from './shell.js';

/** The role of a container or machine, or a profile: as the SDK finds them, asked again when they expire and not for each request. */
function fromChain(): () => Promise<AwsKeys> {
  let chain: Promise<() => Promise<AwsKeys>> | undefined;
  return async () => (await (chain ??= import('@aws-sdk/credential-provider-node').then(({ defaultProvider }) => defaultProvider())))();
}

/** Runs a command as a span, when the environment or `.env` asks for traces; what it gives is its exit status. Spans are sent before the command ends. */
export async function traced(name: string, attributes: SpanAttributes, { output, cwd, env }: Shell, run: () => Promise<number>): Promise<number> {
  const environment = loadEnvironment({ cwd, env });
  const settings = Object.fromEntries(environment.names.map((one) => [one, environment.get(one)?.value]));
  const keysOrChain = settings['AWS_ACCESS_KEY_ID'] === undefined ? { credentials: fromChain() } : {};
  const options = { env: settings, serviceName: 'loadin', logger: createTerminalLogger(output, 'warn'), ...keysOrChain };
  return withTracing(options, { name: 'loadin.command', attributes: { ...attributes, 'loadin.command': name } }, async (span) => {
    const status = await run();
    span.set({ 'loadin.exit_status': status });
    if (status === EXIT.failed) span.fail(new Error(`exit status ${status}`));
    return status;
  });
}
