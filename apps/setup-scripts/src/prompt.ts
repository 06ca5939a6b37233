import { createInterface } from 'node:readline/promises';
import { FatalError } from '@loadin/resilience';
import type { Output } from './output.js';

/** How a person or a pipe answers. A test gives its own. */
export interface Prompt {
  /** Somebody sits there who can be asked. */
  readonly interactive: boolean;
  /** One line. */
  ask(question: string): Promise<string>;
  /** One line that is not shown while it is typed. */
  askSecretly(question: string): Promise<string>;
  /** All that comes by the pipe. */
  readAll(): Promise<string>;
}

export const processPrompt: Prompt = {
  get interactive() {
    return process.stdin.isTTY === true;
  },
  async ask(question) {
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    return lines.question(question).finally(() => lines.close());
  },
  async askSecretly(question) {
    process.stderr.write(question);
    const { Writable } = await import('node:stream');
    const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
    const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
    return lines.question('').finally(() => {
      lines.close();
      process.stderr.write('\n');
    });
  },
  async readAll() {
    let text = '';
    process.stdin.setEncoding('utf8');
    for await (const chunk of process.stdin) text += String(chunk);
    return text;
  },
};

export interface Consent {
  readonly yes?: boolean;
  readonly prompt: Prompt;
  readonly output: Output;
}

/** Whether it shall be done: `--yes` says so, or whoever sits there. Throws `FatalError` when nobody can be asked. */
export async function consented({ yes, prompt, output }: Consent): Promise<boolean> {
  if (yes === true) return true;
  if (!prompt.interactive)
    throw new FatalError('This has to be confirmed, and nobody can be asked here', { hint: 'Look at what is shown above, then give --yes.' });
  const answer = await prompt.ask('Shall it be done? (yes/no) ');
  const agreed = /^y(es)?$/i.test(answer.trim());
  if (!agreed) output.print('Nothing was changed.');
  return agreed;
}
