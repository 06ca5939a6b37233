import { createLogger } from './logger.js';

describe('the log', () => {
  let lines: string[];
  beforeEach(() => {
    lines = [];
    // Winston writes to the stream behind the console; under Jest it is the console itself.
    const stream = (console as unknown as { _stdout?: NodeJS.WriteStream })._stdout;
    if (stream) jest.spyOn(stream, 'write').mockImplementation((chunk) => lines.push(String(chunk)) > 0);
    jest.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  });
  afterEach(() => jest.restoreAllMocks());

  it('is a JSON object a line, with the fields of its parents', () => {
    createLogger().child({ request_id: 'r1' }).info('Batch consumed', { records: 3 });
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { level: 'info', message: 'Batch consumed', records: 3, request_id: 'r1', timestamp: expect.any(String) },
    ]);
  });

  it.each([
    ['WARNING', 1],
    ['debug', 3],
    ['chatty', 2],
  ])('at LOG_LEVEL=%s writes %i of three lines', (level, count) => {
    const logger = createLogger(level);
    logger.debug('d');
    logger.info('i');
    logger.warn('w');
    expect(lines).toHaveLength(count);
  });
});
