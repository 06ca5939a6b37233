import { silentLogger } from './logger.js';
import { createMeter, silentMeter } from './meter.js';

describe('createMeter', () => {
  it('sums by name from zero', () => {
    const meter = createMeter();
    meter.add('requests', 2);
    meter.add('requests', 1);
    meter.add('wait_ms', 50);
    expect(meter.totals).toEqual({ requests: 3, retries: 0, waits: 0, wait_ms: 50, bytes_read: 0, bytes_written: 0 });
  });
});

describe('the silent ports', () => {
  it('do nothing, children included', () => {
    silentMeter.add('requests', 1);
    silentLogger.child({ run: 'r1' }).error('nobody hears this');
    expect(silentLogger.child({})).toBe(silentLogger);
  });
});
