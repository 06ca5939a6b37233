import { RetryableError, StopError } from '@loadin/resilience';
import { problemOf, sliceErrorOf } from './slice-error.js';

describe('why a slice ended early', () => {
  it('is kept with what to do about it', () => {
    const error = new RetryableError('the page did not come', { where: 'GET /events', hint: 'Run it again.' });
    expect(sliceErrorOf(error)).toEqual({
      name: 'RetryableError',
      action: 'retry',
      message: 'the page did not come',
      where: 'GET /events',
      hint: 'Run it again.',
    });
    const stop = new StopError('the quota is spent', { reason: 'quota', resumeAfter: '2024-11-09T00:00:00Z' });
    expect(sliceErrorOf(stop)).toMatchObject({ action: 'stop', reason: 'quota', resume_after: '2024-11-09T00:00:00Z' });
  });

  it('says when nobody foresaw it', () => {
    expect(sliceErrorOf(new TypeError('x is not a function'))).toEqual({
      name: 'TypeError',
      action: 'fatal',
      unexpected: true,
      message: 'x is not a function',
    });
    expect(sliceErrorOf('a text')).toMatchObject({ unexpected: true, message: 'a text' });
  });

  it('fits the item of the slice, however much a service has said', () => {
    for (const error of [new RetryableError('<'.repeat(1_000_000)), new Error('<'.repeat(1_000_000)), '<'.repeat(1_000_000)])
      expect(sliceErrorOf(error).message).toHaveLength(2_001);
  });

  it('names the object among the problems, where the message does not', () => {
    const refused = new RetryableError('S3 PutObject: access denied', { where: 's3://lake/data/a.parquet' });
    expect(problemOf(sliceErrorOf(refused))).toBe('S3 PutObject: access denied (s3://lake/data/a.parquet)');
    const said = new RetryableError('s3://lake/a is damaged', { where: 's3://lake/a' });
    expect(problemOf(sliceErrorOf(said))).toBe('s3://lake/a is damaged');
    expect(problemOf(sliceErrorOf(new RetryableError('no answer', { where: 'GET /events' })))).toBe('no answer');
  });
});
