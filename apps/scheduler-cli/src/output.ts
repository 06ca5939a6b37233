/** Where a command writes: stdout is for results (one JSON document with `--json`), stderr for everything that is said on the way. */
export interface Output {
  readonly result: (text: string) => void;
  readonly say: (line: string) => void;
  /** Results are read by a person: stdout is a terminal, not a pipe, a file or a shell's `$(…)`. */
  readonly resultIsTerminal: boolean;
  /** A terminal on stderr on which progress can be drawn; `undefined` in pipes and CI. */
  readonly terminal: NodeJS.WriteStream | undefined;
}

export const processOutput: Output = {
  result: (text) => process.stdout.write(text),
  say: (line) => process.stderr.write(`${line}\n`),
  resultIsTerminal: process.stdout.isTTY,
  terminal: process.stderr.isTTY ? process.stderr : undefined,
};
