import { LoadinError } from '@loadin/resilience';

export interface JobsFileProblem {
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
  /** `jobs.daily.sinks`; empty for the file as a whole and for what is not YAML. */
  path: string;
  message: string;
}

const SCREEN = 20;

/** What is wrong with a jobs file, all of it. The message is one line, `report` at most a screen. */
export class JobsFileError extends LoadinError {
  readonly action = 'fatal';
  readonly file: string;
  readonly problems: readonly JobsFileProblem[];
  readonly report: string;

  constructor(file: string, problems: readonly JobsFileProblem[]) {
    const [first] = problems;
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
    super(first ? `${positioned(file, first)}${more}` : `${file} can't be used`);
    this.file = file;
    this.problems = problems;
    const lines = problems.slice(0, SCREEN).map((problem) => `  ${positioned(file, problem)}`);
    const rest = problems.length > SCREEN ? [`  … and ${problems.length - SCREEN} more`] : [];
    this.report = [`${problems.length === 1 ? '1 problem' : `${problems.length} problems`} in the jobs file:`, ...lines, ...rest].join('\n');
  }
}

/** `loadin.jobs.yaml:4:3 jobs.daily lacks sinks` */
export const positioned = (file: string, { line, column, path, message }: JobsFileProblem): string =>
  `${file}:${line}:${column} ${path === '' ? '' : `${path} `}${message}`;
