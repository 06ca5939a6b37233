import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** What `npm start` and `npx loadin` run: the launcher, and through it the bundle. */
export const launcher = join(__dirname, '../bin/loadin.mjs');
const bundle = join(__dirname, '../dist/main.mjs');

export interface CommandResult {
  /** The exit status; `undefined` when a signal ended it. */
  readonly status: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartedCommand {
  readonly child: ChildProcess;
  /** Resolves when stderr has this text. */
  said(text: string): Promise<void>;
  readonly ended: Promise<CommandResult>;
}

export interface CommandOptions {
  readonly cwd: string;
  /** The whole environment besides PATH: nothing of the machine's own settings is seen. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Starts `loadin` as a process of its own, as a shell does. */
export function startLoadin(args: readonly string[], { cwd, env = {} }: CommandOptions): StartedCommand {
  if (!existsSync(bundle))
    throw new Error(`${bundle} is missing: these specifications run the built command. Build it with: npx nx build scheduler-cli`);
  // HOME is empty so that no ~/.aws of the machine gives keys.
  const child = spawn(process.execPath, [launcher, ...args], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: cwd, ...recorded(args), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text.stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text.stderr += chunk));
  const ended = new Promise<CommandResult>((resolve, reject) => {
    child.once('error', reject).once('close', (code, signal) => resolve({ status: code ?? undefined, signal: signal ?? undefined, ...text }));
  });
  const said = async (wanted: string): Promise<void> => {
    while (!text.stderr.includes(wanted)) await once(child.stderr, 'data');
  };
  return { child, said, ended };
}

/** While calls are recorded, local AWS knows those of `loadin run` by this: a container makes them with a role of its own. */
const recorded = ([command]: readonly string[]): Record<string, string> =>
  process.env['LOADIN_RECORD_CALLS'] ? { AWS_SDK_UA_APP_ID: `loadin-${command}` } : {};

export const loadin = (args: readonly string[], options: CommandOptions): Promise<CommandResult> => startLoadin(args, options).ended;
