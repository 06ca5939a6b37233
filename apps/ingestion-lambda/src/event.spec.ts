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
    const { message, hint } = refusal({ job_type: 7, scheduled_time: '', entity: ['events'], load_type: 'some', phase: 'slice' });
    expect(message).toBe(
      'This event can\'t be used: job_type must be a text, is 7; scheduled_time must be a text, is ""; entity must be a text, is ["events"]; ' +
        'load_type must be full or incremental, is "some"; phase must be run (the whole job in one invocation), is "slice"',
    );
    expect(hint).toMatch(/^Send for example \{"job_type": "daily"/);
  });

  it('is quoted in part only when it is long', () => {
    expect(refusal({ entity: ['x'.repeat(10_000)] }).message.length).toBeLessThan(200);
  });
});
