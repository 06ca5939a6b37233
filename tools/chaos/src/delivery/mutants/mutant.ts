import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Scenario } from '../scenario.js';

/** A variant of the product that is broken on purpose. */
export interface Fault {
  readonly name: string;
  /** What goes wrong, for people. */
  readonly what: string;
  /** A source file, by its place in the workspace. */
  readonly file: string;
  /** What is written in place of what. Each text to be replaced stands exactly once in the file. */
  readonly replace: readonly (readonly [search: string, by: string])[];
}

/** One that breaks what is promised of deliveries, and what has to notice it. */
export interface Mutant extends Fault {
  /** The check that has to find it, by name. */
  readonly caughtBy: string;
  /** What the variant is put through: it follows from the fault, so that it strikes for certain. */
  readonly scenario: Scenario;
  /** What is run in place of the command: for parts that no job uses in a way that would show the fault. Default: the command. */
  readonly driver?: Driver;
}

/** `keys`: a Kinesis sink that is given the same keys again and again · `uploads`: output of several objects that is committed. */
export type Driver = 'keys' | 'uploads';

/** The workspace's root, from the sources and from the compiled files alike. */
export const root = resolve(import.meta.dirname, '../../../../..');

/** The file's text with the fault in it. Throws an `Error` that names the text that does not stand there exactly once: then the mutant has gone stale. */
export function mutated(source: string, { name, file, replace }: Fault): string {
  return replace.reduce((text, [search, by]) => {
    const times = text.split(search).length - 1;
    if (times !== 1)
      throw new Error(
        `the mutant "${name}" has gone stale: ${file} has this text ${times} times, not once; write it anew for the code as it is now:\n${search}`,
      );
    // A function, because a replacement text has signs of its own.
    return text.replace(search, () => by);
  }, source);
}

export const sourceOf = ({ file }: Pick<Fault, 'file'>): string => readFileSync(join(root, file), 'utf8');
