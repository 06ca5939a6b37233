import { jsonLine, terminalLine } from './log-line.js';

const timestamp = Date.UTC(2024, 0, 15, 10, 30, 45, 678);

describe('terminalLine', () => {
  it('is the time in UTC and the message', () => {
    expect(terminalLine({ timestamp, level: 'info', message: 'Starting: daily' })).toBe('[2024-01-15 10:30:45] Starting: daily');
  });

  it('names other levels and shows fields', () => {
    const fields = { run: '6f1c2a34', slice: 3, reason: 'two words', gone: undefined, list: [1] };
    expect(terminalLine({ timestamp, level: 'warn', message: 'Slow', fields })).toBe(
      '[2024-01-15 10:30:45] WARN Slow run=6f1c2a34 slice=3 reason="two words" list=[1]',
    );
  });

  it('stays one line', () => {
    expect(terminalLine({ timestamp, level: 'info', message: 'a\nb\r\nc' })).toBe('[2024-01-15 10:30:45] a b c');
  });
});

describe('jsonLine', () => {
  it('is an object with time, level, message and fields', () => {
    expect(JSON.parse(jsonLine({ timestamp, level: 'info', message: 'Starting', fields: { run: 'r1', n: 1 } }))).toEqual({
      timestamp: '2024-01-15T10:30:45.678Z',
      level: 'INFO',
      message: 'Starting',
      run: 'r1',
      n: 1,
    });
  });

  it('takes whatever it is given: errors, bigints, circles, one object at two places', () => {
    const shared = { a: 1 };
    const circle: Record<string, unknown> = { shared, again: shared };
    circle['self'] = circle;
    const fields = { error: new TypeError('wrong'), big: 10n, circle, fn: () => 1 };
    expect(JSON.parse(jsonLine({ timestamp, level: 'error', message: 'x', fields }))).toMatchObject({
      error: { name: 'TypeError', message: 'wrong' },
      big: '10',
      circle: { shared: { a: 1 }, again: { a: 1 }, self: '[circular]' },
    });
  });

  it('does not let a field replace time, level or message', () => {
    expect(JSON.parse(jsonLine({ timestamp, level: 'info', message: 'real', fields: { message: 'false', level: 'x' } }))).toMatchObject({
      message: 'real',
      level: 'INFO',
    });
  });
});
