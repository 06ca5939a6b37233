import { FatalError } from '@loadin/resilience';
import { parseEvent } from './event.js';

const refusal = (event: unknown): FatalError => {
  try {
    parseEvent(event);
  } catch (error) {
    if (error instanceof FatalError) return error;
    throw error;
  }
  throw new Error('the event was taken');
};

describe('an event', () => {
  it('may be empty, or name job, time, stream and load type', () => {
    expect(parseEvent({})).toEqual({});
    const whole = { job_type: 'daily', scheduled_time: '2024-11-08T02:00:00Z', entity: 'ticketmaster.events', load_type: 'full', phase: 'run' };
    expect(parseEvent(whole)).toEqual(whole);
  });

  it.each([
    { job_type: 'daily', scheduled_time: '2024-11-08T02:00:00Z', phase: 'plan', load_type: 'full' },
    { job_type: 'daily', phase: 'slice', run_id: 'r', stream: 'ticketmaster.events', slice: 0 },
    { job_type: 'daily', phase: 'finish', run_id: 'r' },
  ])('may ask for one phase of a run: %j', (event) => {
    expect(parseEvent(event)).toEqual(event);
  });

  it.each([
    [{ phase: 'slice', stream: 'a.b' }, 'run_id is missing: the phase slice needs it; slice is missing: the phase slice needs it'],
    [{ phase: 'finish', run_id: null }, 'run_id is missing: the phase finish needs it'],
    [{ phase: 'slice', run_id: 'r', stream: 'a.b', slice: '0' }, 'slice must be a whole number from 0, is "0"'],
    [{ phase: 'slice', run_id: 'r', stream: 'a.b', slice: -1 }, 'slice must be a whole number from 0, is -1'],
    [{ phase: 'begin' }, 'phase must be one of run, plan, slice, finish, is "begin"'],
  ])('of a phase is refused without what that needs: %j', (event, message) => {
    expect(refusal(event).message).toBe(`This event can't be used: ${message}`);
  });

  it('of an EventBridge rule has its time and much that is not ours', () => {
    const event = {
      version: '0',
      id: '53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa',
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: '123456789012',
      time: '2024-11-08T02:00:00Z',
      region: 'us-east-1',
      resources: ['arn:aws:events:us-east-1:123456789012:rule/daily'],
      detail: {},
    };
    expect(parseEvent(event)).toEqual({ time: '2024-11-08T02:00:00Z' });
  });

  it('may have nulls for what it leaves open, as Step Functions send them', () => {
    expect(parseEvent({ job_type: 'daily', scheduled_time: null, entity: null, load_type: null })).toEqual({ job_type: 'daily' });
  });

  it('may give the load type in any case', () => {
    expect(parseEvent({ load_type: 'INCREMENTAL' })).toEqual({ load_type: 'incremental' });
  });

  it.each([undefined, null, [], 'daily', 7])('that is no object is refused: %j', (event) => {
    expect(refusal(event).message).toBe("This event can't be used: the event must be a JSON object");
  });

  it('is refused with all that is wrong in one line, and an example', () => {
    const { message, hint } = refusal({ job_type: 7, scheduled_time: '', entity: ['events'], load_type: 'some', phase: 'walk' });
    expect(message).toBe(
      'This event can\'t be used: job_type must be a text, is 7; scheduled_time must be a text, is ""; entity must be a text, is ["events"]; ' +
        'load_type must be full or incremental, is "some"; phase must be one of run, plan, slice, finish, is "walk"',
    );
    expect(hint).toMatch(/^Send for example \{"job_type": "daily"/);
  });

  it('is quoted in part only when it is long', () => {
    expect(refusal({ entity: ['x'.repeat(10_000)] }).message.length).toBeLessThan(200);
  });
});
