import { FatalError, LoadinError, RetryableError, SkippableError, StopError } from '@loadin/resilience';
import { RevisionConflictError } from './errors.js';
import { bothTold, withMessage } from './with-message.js';

describe('an error with another text', () => {
  it.each([
    new FatalError('a', { where: 'there', hint: 'do it' }),
    new RetryableError('a', { where: 'there' }),
    new SkippableError('a'),
    new StopError('a', { reason: 'quota', resumeAfter: '2024-11-09T00:00:00Z', hint: 'wait' }),
  ])('is of the same class and says the same otherwise: $name', (error: LoadinError) => {
    const other = withMessage(error, 'b');
    expect(other).toMatchObject({ ...error, message: 'b', cause: error });
    expect(other).toBeInstanceOf(error.constructor);
  });

  it('is a stop for a conflict with another copy, and no error of Loadin for what nobody foresaw', () => {
    expect(withMessage(new RevisionConflictError('a'), 'b')).toMatchObject({ action: 'stop', reason: 'lease' });
    expect(withMessage(new TypeError('a'), 'b')).not.toBeInstanceOf(LoadinError);
  });
});

describe('an error, and another one while it was handled', () => {
  it('are told both, and count as the first one', () => {
    const both = bothTold(
      new RetryableError('the source is down', { where: 'slice 0' }),
      new FatalError('access denied'),
      'its pages could not be kept',
    );
    expect(both).toMatchObject({ action: 'retry', where: 'slice 0', message: 'the source is down; and its pages could not be kept: access denied' });
  });

  it('count as the second one where the first was no more than a stop', () => {
    const stop = new StopError('that is enough', { reason: 'quota' });
    expect(bothTold(stop, new FatalError('access denied'), 'more')).toMatchObject({
      action: 'fatal',
      message: 'that is enough; and more: access denied',
    });
    expect(bothTold(stop, new StopError('cancelled', { reason: 'cancelled' }), 'more')).toMatchObject({ action: 'stop', reason: 'quota' });
  });
});
