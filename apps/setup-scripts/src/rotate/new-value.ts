import { FatalError } from '@loadin/resilience';
import type { Prompt } from '../prompt.js';

/** What comes by the pipe, or is typed without being shown. Never an argument: those are seen by everyone on the machine and kept by the shell. */
export async function newValue(prompt: Prompt, what: string): Promise<string> {
  const value = (prompt.interactive ? await prompt.askSecretly(`${what} (it is not shown): `) : await prompt.readAll()).trim();
  if (value === '')
    throw new FatalError(`${what} is empty`, { hint: 'Type it, or send it by a pipe: loadin-setup rotate ticketmaster < new-key.txt' });
  if (/\s/.test(value)) throw new FatalError(`${what} has white space in it`, { hint: 'Send the value alone, without names or quotation marks.' });
  return value;
}
