import { DEFAULT_JOBS_FILE, parseJobsFile } from '@loadin/config';
import { jobsByPlace } from '../jobs.js';
import { resourceNames } from '../names.js';
import { alarmDefinitions } from './alarm-definitions.js';

const names = resourceNames({ environment: 'dev', account: '123456789012', region: 'eu-west-1' });
const jobs = jobsByPlace(parseJobsFile(DEFAULT_JOBS_FILE, 'jobs'), ['daily']);
const alarms = alarmDefinitions({ names, jobs, stateMachineArn: 'arn:aws:states:eu-west-1:123456789012:stateMachine:loadin-run', streamHours: 24 });
const named = (name: string) => alarms.find((alarm) => alarm.name === name);

it('has names that are told apart and fit into CloudWatch', () => {
  expect(new Set(alarms.map(({ name }) => name)).size).toBe(alarms.length);
  for (const { name, description } of alarms)
    expect([name, description]).toEqual([expect.stringMatching(/^[a-z][a-z-]{1,60}$/), expect.stringMatching(/\w{3}/)]);
});

it('rings for each failed invocation, and for one that takes more than 13 minutes', () => {
  expect(named('ingestion-errors')).toMatchObject({
    comparison: '>',
    threshold: 0,
    metric: { dimensions: { FunctionName: 'concert-data-ingestion' } },
  });
  expect(named('ingestion-duration')).toMatchObject({ comparison: '>', threshold: 780_000, metric: { name: 'Duration', statistic: 'Maximum' } });
});

it('rings for what no run tells of: schedules that start nothing, throttled writes, a consumer that is behind', () => {
  expect(alarms.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'schedules-not-started',
      'task-schedules-not-started',
      'stream-writes-throttled',
      'consumer-iterator-age',
      'batches-given-up',
      'runs-failed',
    ]),
  );
});

it('is of jobs in containers as of those in functions', () => {
  const ofRuns = (job: string): string[] => alarms.map(({ name }) => name).filter((name) => name.startsWith(`${job}-`));
  expect(ofRuns('daily')).toEqual(['daily-run-failed', 'daily-dead-letters', 'daily-no-complete-run']);
  expect(ofRuns('hourly')).toEqual(['hourly-run-failed', 'hourly-dead-letters', 'hourly-no-complete-run']);
});

it('is of what an environment has', () => {
  const less = alarmDefinitions({ names, jobs: { ...jobs, tasks: [] }, stateMachineArn: undefined, streamHours: 24 }).map(({ name }) => name);
  expect(less.filter((name) => /bronze|^task-|^runs-/.test(name))).toEqual([]);
});

it('tells of a consumer long before its records are gone', () => {
  expect(named('consumer-iterator-age')?.threshold).toBeLessThanOrEqual(6 * 3_600_000);
});
