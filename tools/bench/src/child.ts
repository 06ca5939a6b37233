import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A process of its own, so that what it does costs the one that measures no turn of its event loop. */
export interface Child<Message> {
  /** Its next line on stdout, as JSON. Rejects when it ends before. */
  next(): Promise<Message>;
  /** Ends it and waits until it has. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface ChildOptions {
  readonly args?: readonly string[];
  /** Options of Node itself: `--expose-gc`. */
  readonly nodeArgs?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Starts a module in a Node of its own that says what it has to say in lines of JSON on stdout. Its stderr is ours.
 * @param file path of an ES module
 */
export function startChild<Message>(file: string, { args = [], nodeArgs = [], env = {} }: ChildOptions = {}): Child<Message> {
  const child = spawn(process.execPath, [...nodeArgs, file, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: undefined, ...env },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    async next() {
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`${file} ended before it had said all it should`);
      return JSON.parse(value) as Message;
    },
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      await ended;
    },
  };
}

/** Runs something beside a child and stops the child whatever happens. */
export async function withChild<Message, T>(child: Child<Message>, run: (first: Message) => Promise<T>): Promise<T> {
  try {
    return await run(await child.next());
  } finally {
    await child.stop();
  }
}
