import { loggerFrom } from '@loadin/observability';
import { entityLines } from './entity-lines.js';

describe('what is said of entities', () => {
  const said: string[] = [];
  const logger = entityLines(loggerFrom((level, message, fields) => void said.push(`${level} ${message} ${JSON.stringify(fields)}`)));
  beforeEach(() => void said.splice(0));

  it('is what their runbooks look for', () => {
    const child = logger.child({ run_id: 'r' });
    child.info('Starting: postgres.customers');
    child.info('Completed: postgres.customers', { read: 1500 });
    child.warn('Failed: payments.payments', { read: 0 });
    expect(said).toEqual([
      'info Starting: Processing customers {"run_id":"r"}',
      'info Processing customers: Extracted 1500 records {"run_id":"r","read":1500}',
      'info Completed: Processing customers {"run_id":"r","read":1500}',
      'warn Processing payments: Extracted 0 records {"run_id":"r","read":0}',
      'warn Failed: Processing payments {"run_id":"r","read":0}',
    ]);
  });

  it.each(['Starting: bronze', 'Completed: ticketmaster.events', 'Completed: postgres.orders slice all', 'the row of postgres.orders'])(
    'leaves other lines as they are: %s',
    (line) => {
      logger.info(line, { read: 3 });
      expect(said).toEqual([`info ${line} {"read":3}`]);
    },
  );
});
