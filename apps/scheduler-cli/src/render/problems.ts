import type { StreamReport } from '@loadin/pipeline';

type Failing = Pick<StreamReport, 'stream' | 'error'>;

/** What went wrong, and under it what to do: problems of one advice stand together above it, because each would be taken for that of the last. Empty when all is well. */
export function problemLines(problems: readonly string[], streams: readonly Failing[]): string[] {
  if (problems.length === 0) return [];
  // What was refused may stand behind the message.
  const failing = (problem: string): Failing | undefined =>
    streams.find(({ stream, error }) => error !== undefined && problem.startsWith(`${stream}: ${error.message}`));
  const adviceOf = new Map(problems.map((problem) => [problem, failing(problem)?.error?.hint]));
  const groups = [...new Set(adviceOf.values())].map((advice) => [
    ...problems.filter((problem) => adviceOf.get(problem) === advice).map((problem) => `  ${problem}`),
    ...(advice === undefined ? [] : [`  → ${advice}`]),
  ]);
  return ['PROBLEMS', ...groups.flat()];
}
