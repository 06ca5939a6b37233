import { LoadinError } from '@loadin/resilience';

export interface EnvironmentsProblem {
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** `environments.dev.region`; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
}

/** Everything that is wrong with an environments file: a line each, with its place. */
export class EnvironmentsFileError extends LoadinError {
  readonly action = 'fatal';
  readonly problems: readonly EnvironmentsProblem[];

  constructor(file: string, problems: readonly EnvironmentsProblem[]) {
    super(problems.map(({ line, column, path, message }) => `${file}:${line}:${column} ${path === '' ? '' : `${path} `}${message}`).join('\n  '), {
      hint: 'Mend the file; loadin.environments.schema.json of @loadin/infrastructure helps your editor to.',
    });
    this.problems = problems;
  }
}
