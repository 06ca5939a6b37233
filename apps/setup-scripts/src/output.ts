import chalk from 'chalk';
import type { Finding } from './resource.js';

/** Where a command writes. A test collects the lines. */
export interface Output {
  /** What the command was asked for. */
  readonly print: (line: string) => void;
  /** Errors and warnings about the call itself. */
  readonly complain: (text: string) => void;
}

export const processOutput: Output = {
  print: (line) => void process.stdout.write(`${line}\n`),
  complain: (text) => void process.stderr.write(`${text}\n`),
};

const colours = {
  created: chalk.green,
  changed: chalk.green,
  sent: chalk.green,
  OK: chalk.green,
  'already there': chalk.dim,
  'not needed': chalk.dim,
  missing: chalk.red,
  differs: chalk.red,
  failed: chalk.red,
  warning: chalk.yellow,
} as const;
export type Word = keyof typeof colours;

const column = 15;

/** `created        s3://concert-data-raw: versioning (detail)`, with what to do on a line of its own. */
export function stepLine(word: Word, subject: string, detail?: string, hint?: string): string {
  const line = `${colours[word](word.padEnd(column))}${subject}${detail === undefined ? '' : ` (${detail})`}`;
  return hint === undefined ? line : `${line}\n${' '.repeat(column)}→ ${hint}`;
}

export const differenceOf = ({ found, wanted }: Finding & { state: 'differs' }): string => `${found}, wanted ${wanted}`;
