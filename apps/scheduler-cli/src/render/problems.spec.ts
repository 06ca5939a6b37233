import { problemLines } from './problems.js';

const failing = (stream: string, message: string, hint?: string) => ({
  stream,
  error: { name: 'FatalError', action: 'fatal', message, hint } as const,
});

describe('problems', () => {
  it('have what to do right below them, also where several differ', () => {
    const streams = [
      failing('postgres.a', 'key column id may be null', 'Choose columns that are NOT NULL.'),
      failing('postgres.b', 'amount is not at least 0', 'Nothing was committed.'),
      failing('postgres.c', 'key column id may be null', 'Choose columns that are NOT NULL.'),
      { stream: 'postgres.d' },
    ];
    const problems = [
      'postgres.a: key column id may be null',
      'postgres.b: amount is not at least 0',
      'postgres.c: key column id may be null',
      'postgres.d: 4 of 100 records were rejected',
    ];
    expect(problemLines(problems, streams)).toEqual([
      'PROBLEMS',
      '  postgres.a: key column id may be null',
      '  postgres.c: key column id may be null',
      '  → Choose columns that are NOT NULL.',
      '  postgres.b: amount is not at least 0',
      '  → Nothing was committed.',
      '  postgres.d: 4 of 100 records were rejected',
    ]);
  });

  it('that nobody has an advice for stand together and alone', () => {
    expect(problemLines(['postgres.a: it is lost', 'the log is not stored'], [failing('postgres.a', 'it is lost')])).toEqual([
      'PROBLEMS',
      '  postgres.a: it is lost',
      '  the log is not stored',
    ]);
  });

  it('keep their advice where the object that was refused stands behind the message', () => {
    const problem = 'postgres.a: S3 PutObject: access denied (AccessDenied) (s3://lake/data/a.parquet)';
    expect(problemLines([problem], [failing('postgres.a', 'S3 PutObject: access denied (AccessDenied)', 'Give the role this permission.')])).toEqual([
      'PROBLEMS',
      `  ${problem}`,
      '  → Give the role this permission.',
    ]);
  });

  it('are no section when all is well', () => {
    expect(problemLines([], [failing('postgres.a', 'x', 'y')])).toEqual([]);
  });
});
