import { LoadinError } from '@loadin/resilience';

/** One setting that is missing or wrong. No field ever holds a secret's value. */
export interface SettingProblem {
  /** The setting's name. */
  name: string;
  /** What is wrong: `is missing (needed for spotify)`. */
  problem: string;
  /** Where the value comes from, or where one was looked for. */
  lookedIn: string[];
  /** What would be right. */
  expected: string;
}

/** Settings are missing or wrong: all of them at once. The message is one line, `report` a screen with what to do. */
export class ConfigurationError extends LoadinError {
  readonly action = 'fatal';
  readonly problems: readonly SettingProblem[];
  readonly report: string;

  constructor(problems: readonly SettingProblem[]) {
    const count = problems.length === 1 ? '1 setting is' : `${problems.length} settings are`;
    super(`${count} missing or wrong: ${problems.map(({ name, problem }) => `${name} ${problem}`).join('; ')}`, {
      hint: 'Set them in the environment or in .env.',
    });
    this.problems = problems;
    this.report = [`${count} missing or wrong:`, ...problems.flatMap(linesOf)].join('\n');
  }
}

function linesOf({ name, problem, lookedIn, expected }: SettingProblem): string[] {
  return [`  ${name} ${problem}`, `      looked in: ${lookedIn.join(', ')}`, `      expected:  ${expected}`];
}
