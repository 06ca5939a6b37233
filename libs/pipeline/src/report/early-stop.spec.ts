import { FatalError, RetryableError, StopError } from '@loadin/resilience';
import { earlyStop, RevisionConflictError } from '../index.js';

describe('a stop before there is anything to report', () => {
  it('is said with its reason, from when it can go on, and in one line what to do', () => {
    const busy = new StopError('host 7 holds the job', { reason: 'lease', where: 'state', hint: 'Wait.', resumeAfter: '2024-11-08T02:00:30.000Z' });
    expect(earlyStop(busy)).toEqual({
      status: 'stopped',
      reason: 'lease',
      resume_after: '2024-11-08T02:00:30.000Z',
      problems: ['host 7 holds the job · state · Wait.'],
    });
  });

  it('is no problem when somebody asked for it, and is the lease of another copy where two met', () => {
    expect(earlyStop(new StopError('the run was cancelled', { reason: 'cancelled' }))).toEqual({
      status: 'stopped',
      reason: 'cancelled',
      problems: [],
    });
    expect(earlyStop(new RevisionConflictError('changed'))).toMatchObject({ reason: 'lease', problems: ['changed'] });
  });

  it('is nothing that fails', () => {
    expect([new FatalError('no'), new RetryableError('502'), new Error('bug'), 'text'].map(earlyStop)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
