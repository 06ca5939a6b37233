import { ingestionId, runId } from './identity.js';

describe('runId', () => {
  const daily = { job: 'daily', scheduledTime: '2024-11-08T02:00:00Z', repetition: 1 };

  it('is the UUIDv5 of job and scheduled time, as any other language computes it', () => {
    expect(runId(daily)).toBe('3b513a95-0d08-59a8-b820-80d6ea3cb672');
    expect(ingestionId(runId(daily), 'spotify.artists')).toBe('78030d7b-404a-59ce-b6d5-82011347fec6');
  });
  it('differs by job, time, repetition and set of streams', () => {
    const others = [
      daily,
      { ...daily, job: 'hourly' },
      { ...daily, scheduledTime: '2024-11-08T03:00:00Z' },
      { ...daily, repetition: 2 },
      { ...daily, only: ['spotify.artists'] },
    ];
    expect(new Set(others.map(runId)).size).toBe(others.length);
  });
  it('does not depend on the order in which streams were named', () => {
    expect(runId({ ...daily, only: ['a', 'b'] })).toBe(runId({ ...daily, only: ['b', 'a'] }));
  });
});
