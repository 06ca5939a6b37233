import { RetryableError } from '@loadin/resilience';
import { finishRun } from '../index.js';
import { artists, createListStream, toArtist } from '../runs/list-stream.fixture.js';
import { createWorld } from '../runs/run.fixture.js';

const gone = new RetryableError('the connection was refused', { where: 'memory://' });

/** Stores of which one can't be reached from some call on, as soon as the source has been read. */
function createFailing(store: 'lake' | 'state', isIt: (operation: string, key: string) => boolean) {
  let read = false;
  const fail = (operation: string, key: string) => (read && isIt(operation, key) ? { when: 'before' as const, error: gone } : undefined);
  const world = createWorld({ [store]: { fail } });
  const stream = createListStream({ slices: [[artists(0, 3)]], onPage: () => void (read = true) });
  return { ...world, stream, mend: () => void (isIt = () => false) };
}

describe('a run that has delivered everything, and then can not reach', () => {
  it.each<[string, 'lake' | 'state', (operation: string, key: string) => boolean, RegExp]>([
    ['the lake, to look at its plan', 'lake', (operation, key) => operation === 'get' && key.startsWith('_loadin/plans/'), /could not be finished/],
    [
      'the lake, to store its report',
      'lake',
      (operation, key) => operation === 'put' && key.startsWith('_loadin/reports/'),
      /end could not be stored/,
    ],
    ['the state, to look at its record', 'state', (operation, key) => operation === 'get' && key.startsWith('run/'), /could not be finished/],
    ['the state, to mark it complete', 'state', (operation, key) => operation === 'put' && key.startsWith('run/'), /end could not be stored/],
    ['the state, to hold its job', 'state', (operation, key) => operation === 'put' && key.startsWith('lease/'), /could not be finished/],
  ])('%s, has failed and says so in its report; the next attempt only finishes it', async (_, store, isIt, problem) => {
    const { run, stream, mend, ids } = createFailing(store, isIt);
    const report = await run(stream);
    expect(report).toMatchObject({
      status: 'failed',
      report_uri: null,
      problems: [expect.stringMatching(problem)],
      streams: [{ stream: 'spotify.artists', slices: { planned: 1, finished: 1 }, ledger: { read: 3, accepted: 3 } }],
    });
    expect(report.problems[0]).toContain('the connection was refused');
    expect(report).not.toHaveProperty('reason');
    mend();
    expect(await run(stream)).toMatchObject({ status: 'complete', run_id: report.run_id, attempts: 2, problems: [] });
    expect(ids(1)).toEqual(['spotify_a0', 'spotify_a1', 'spotify_a2']);
    expect(stream.asked).toEqual(['0/0']);
  });

  it('the lake when it was stopped, has failed: nothing would say why it stopped', async () => {
    const { run, stream } = createFailing('lake', (operation, key) => operation === 'put' && key.startsWith('_loadin/reports/'));
    const report = await run(
      { ...stream, plan: () => [0, 1].map((ordinal) => ({ ordinal, name: `${ordinal}`, bounds: {} })) },
      { deadline: () => -1, concurrency: 1 },
    );
    expect(report).toMatchObject({ status: 'failed', report_uri: null });
    expect(report.problems).toHaveLength(2);
  });
});

describe('a run that is finished elsewhere', () => {
  it('fails with the error of the store while that says nothing of the run', async () => {
    const { run, stream, sinks, lake, state, clock } = createFailing('state', (_, key) => key.startsWith('run/'));
    const { run_id: runId } = await run(stream);
    const job = { name: 'daily', streams: [{ stream, transform: toArtist, sinks, schemaVersion: '1' }] };
    await expect(finishRun({ job, lake, state, clock, runId })).rejects.toBe(gone);
  });
});
