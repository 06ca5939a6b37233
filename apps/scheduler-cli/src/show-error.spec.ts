import { loadEnvironment, parseJobsFile, readSettings } from '@loadin/config';
import { FatalError, RetryableError, SkippableError, StopError } from '@loadin/resilience';
import { errorText, exitStatusOfError } from './show-error.js';

const thrownBy = (action: () => unknown): unknown => {
  try {
    return action();
  } catch (error) {
    return error;
  }
};

describe('an error as text', () => {
  it('says what, where and what to do, and leaves out what it does not know', () => {
    expect(errorText(new FatalError('the bucket is not there', { where: 's3://lake', hint: 'Create it.' }))).toBe(
      'the bucket is not there\n  at s3://lake\n  → Create it.',
    );
    expect(errorText(new FatalError('no'))).toBe('no');
  });

  it('lists everything that is wrong with settings and with a jobs file', () => {
    const settings = thrownBy(() => readSettings(loadEnvironment({ cwd: __dirname, env: { LOG_LEVEL: 'loud' } }), ['raw']));
    expect(errorText(settings)).toMatch(/^3 settings are missing or wrong:\n[^]*LOG_LEVEL is "loud"[^]*\n {2}→ Set them /);
    const jobs = thrownBy(() => parseJobsFile('version: 1\njobs: 7\n', 'jobs.yaml'));
    expect(errorText(jobs)).toMatch(/jobs\.yaml:2:7 /);
  });

  it('names the local stack to whoever has not set what is needed, and to nobody else', () => {
    const settings = (env: Record<string, string>): string =>
      errorText(thrownBy(() => readSettings(loadEnvironment({ cwd: __dirname, env }), ['raw'])));
    expect(settings({}).split('\n').slice(-2)).toEqual([
      '  → Set them in the environment or in .env.',
      '  → or use the local stack: eval "$(npx loadin local up)"; all settings: docs/settings.md',
    ]);
    expect(settings({ AWS_REGION: 'moon', AWS_S3_BUCKET_RAW: 'A B' })).not.toContain('local stack');
  });

  it('has no stack, also of an error that nobody foresaw, unless --verbose asks for it', () => {
    const bug = new TypeError('x is not a function');
    expect(errorText(bug)).toBe('Unexpected error: TypeError: x is not a function\n  → Please report it, with the same command and --verbose.');
    expect(errorText(bug, true)).toContain('show-error.spec.ts');
    expect(errorText(new FatalError('no'), true)).toBe('no');
    expect(errorText('text')).toMatch(/^Unexpected error: text\n/);
  });
});

describe('the exit status of an error that came before the first page', () => {
  it('follows from what to do about it', () => {
    const errors = [new FatalError(''), new StopError('', { reason: 'lease' }), new RetryableError(''), new SkippableError(''), new Error('')];
    expect(errors.map(exitStatusOfError)).toEqual([2, 3, 1, 1, 1]);
  });
});
