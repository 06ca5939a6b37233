import { RetryableError, StopError } from '@loadin/resilience';
import { sliceErrorOf } from './slice-error.js';

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
});
