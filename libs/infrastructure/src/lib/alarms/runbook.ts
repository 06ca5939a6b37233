/** What an alarm can be about; each has a page under docs/runbooks. */
export const RUNBOOKS = [
  'function-errors',
  'function-duration',
  'function-throttles',
  'runs-failed',
  'runs-timed-out',
  'schedules-not-started',
  'run-failed',
  'no-complete-run',
  'dead-letters',
  'stale',
  'api-errors',
  'quota',
  'stream-writes-throttled',
  'consumer-errors',
  'consumer-iterator-age',
  'batches-given-up',
] as const;

/** From the top of the repository. */
export const runbook = (name: (typeof RUNBOOKS)[number]): string => `docs/runbooks/${name}.md`;
