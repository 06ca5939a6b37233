import { loggerFrom, type Severity } from './logger-from.js';

describe('loggerFrom', () => {
  it('hands each entry on with the fields of its parents; the nearest one wins', () => {
    const entries: [Severity, string, object][] = [];
    const logger = loggerFrom((...entry) => entries.push(entry)).child({ run_id: 'r', slice: 0 });
    logger.child({ slice: 1 }).warn('slow', { ms: 7 });
    logger.info('done');
    expect(entries).toEqual([
      ['warn', 'slow', { run_id: 'r', slice: 1, ms: 7 }],
      ['info', 'done', { run_id: 'r', slice: 0 }],
    ]);
  });
});
