import { loadEnvironment } from '@loadin/config';
import { systemClock, type Clock } from '@loadin/resilience';
import { Command, CommanderError } from 'commander';
import { checkResources } from './check.js';
import { createClients, type Clients } from './clients.js';
import { registerCost } from './cost/register.js';
import { createResources } from './create.js';
import { day, ddl, each, keyOf, type DdlOptions } from './ddl.js';
import { addDeployCommands } from './deploy/commands.js';
import { EXIT, errorText, exitStatusOf } from './exit.js';
import { stepLine, type Output } from './output.js';
import type { Prompt } from './prompt.js';
import { readNeeds, type Needs } from './needs.js';
import { wantedResources, type SetupSettings } from './resources/wanted.js';
import { registerRotate } from './rotate/register.js';
import { registerStream } from './stream/register.js';
import { streamDetails } from './stream-details.js';
import { sendTestRecord } from './test-record.js';

/** What the commands need from the process; a test gives its own. */
export interface Shell {
  readonly output: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where `.env` is looked for. */
  readonly cwd: string;
  /** Default: the real one. */
  readonly clock?: Clock;
  /** Who can be asked. Default: the terminal. */
  readonly prompt?: Prompt;
  /** Called by what goes on until somebody has enough of it; the signal then says so. Default: it goes on. */
  readonly interruption?: () => AbortSignal;
}

interface Options {
  readonly environment: string;
  readonly testRecord?: boolean;
}

/** Runs one command line and gives its exit status. Nothing is thrown: an error is one screen of text. */
export async function runProgram(args: readonly string[], shell: Shell): Promise<number> {
  let status: number = EXIT.ok;
  try {
    await createProgram(shell, (result) => (status = result)).parseAsync([...args], { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    shell.output.complain(errorText(error));
    return exitStatusOf(error);
  }
}

function createProgram(shell: Shell, ended: (status: number) => void): Command {
  const { output } = shell;
  const program = new Command('loadin-setup')
    .description('Makes and checks what Loadin needs on AWS: buckets, stream, checkpoint table; prints what Athena needs to know of the lake.')
    .configureOutput({ writeOut: (text) => output.print(text.trimEnd()), writeErr: (text) => output.complain(text.trimEnd()) })
    .showHelpAfterError('(loadin-setup --help lists the commands)')
    .exitOverride()
    .addHelpText('after', help);
  program
    .command('create')
    .description('make what is missing; what is there stays as it is, and differences are reported')
    .option('--environment <name>', 'value of the tag Environment', 'development')
    .option('--no-test-record', 'put no test record on the stream')
    .action(async (options: Options) => ended(await create(shell, options)));
  program
    .command('check')
    .description('look at everything and change nothing: each line OK or what to do')
    .option('--environment <name>', 'value of the tag Environment', 'development')
    .action(async (options: Options) => ended(await check(shell, options)));
  program
    .command('ddl')
    .description('print tables, views and queries for Athena over what lies in the lake; reads S3 and changes nothing')
    .option('--entity <name>', 'this bronze entity alone; may be given more than once', each)
    .option('--key <entity=columns>', 'the columns that name a row, such as orders=id; may be given more than once', keyOf)
    .option('--since <day>', 'the first day that tables see (default: the first one that there is)', day)
    .option('--replace', 'drop tables that are there first, so that they get new columns; no object is touched')
    .option('--out <folder>', 'write each statement into a file of its own instead of printing them')
    .option('--json', 'print them as JSON')
    .action((options: DdlOptions) => ddl(loadEnvironment({ cwd: shell.cwd, env: shell.env }), options, output));
  registerCost(program, shell);
  registerStream(program, shell);
  registerRotate(program, shell);
  addDeployCommands(program, shell, ended);
  return program;
}

const help = `
Settings (in the environment or in .env):
  AWS_REGION                the region of everything
  LOADIN_JOBS               what its jobs need is made; not set: what the settings below name
  AWS_S3_BUCKET_RAW         bucket of landing, raw data, dead letters; without it S3_BUCKET_NAME will do, for bronze alone, without a stream
  AWS_S3_BUCKET_PROCESSED   bucket of processed data; not made when not set
  S3_BUCKET_NAME            bucket of bronze data and logs; not made when not set
  AWS_KINESIS_STREAM_NAME   default concert-data-stream
  AWS_KINESIS_SHARD_COUNT   default 1
  CHECKPOINT_STORE          default dynamodb://loadin-checkpoints
  AWS_ENDPOINT_URL          another server than AWS, such as the one of "loadin local up"

Exit status: 0 all is as wanted · 1 something is missing, differs or failed · 2 wrong usage or settings`;

async function create(shell: Shell, options: Options): Promise<number> {
  return await withClients(shell, async ({ settings, needs, clients, clock }) => {
    const { output } = shell;
    const wanted = wantedResources({ settings, clients, clock, environment: options.environment, stream: needs.stream });
    const complete = await createResources(wanted, output);
    if (needs.stream) await showStream(settings.stream.name, { clients, clock, output, testRecord: options.testRecord !== false });
    else output.print(notNeeded(needs));
    return complete ? EXIT.ok : EXIT.failed;
  });
}

interface Showing extends Pick<Opened, 'clients' | 'clock'> {
  readonly output: Output;
  readonly testRecord: boolean;
}

async function showStream(name: string, { clients, clock, output, testRecord }: Showing): Promise<void> {
  if (testRecord) output.print(stepLine('sent', `kinesis://${name}: test record`, await sendTestRecord(clients.kinesis, name, clock.now())));
  for (const line of ['', ...(await streamDetails(clients.kinesis, name))]) output.print(line);
}

async function check(shell: Shell, options: Options): Promise<number> {
  return await withClients(shell, async ({ settings, needs, clients, clock }) => {
    const wanted = wantedResources({ settings, clients, clock, environment: options.environment, stream: needs.stream });
    const complete = await checkResources(wanted, shell.output);
    if (!needs.stream) shell.output.print(notNeeded(needs));
    return complete ? EXIT.ok : EXIT.failed;
  });
}

const notNeeded = ({ why }: Needs): string => stepLine('not needed', 'a stream', why);

interface Opened {
  readonly settings: SetupSettings;
  readonly needs: Needs;
  readonly clients: Clients;
  readonly clock: Clock;
}

async function withClients(shell: Shell, use: (opened: Opened) => Promise<number>): Promise<number> {
  const environment = loadEnvironment({ cwd: shell.cwd, env: shell.env });
  const { settings, needs } = await readNeeds(environment);
  for (const warning of [...settings.warnings, ...needs.warnings]) shell.output.complain(`Warning: ${warning}`);
  const clients = createClients(settings.aws.region, environment);
  try {
    return await use({ settings, needs, clients, clock: shell.clock ?? systemClock });
  } finally {
    clients.close();
  }
}
