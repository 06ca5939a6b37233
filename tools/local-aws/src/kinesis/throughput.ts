/**
 * A bucket that holds one second's worth and fills steadily: a quiet shard takes a burst of one second, a busy one its rate.
 * What is more than the whole bucket (a record above 1 MiB) passes a full one and is paid off afterwards.
 */
export interface ThroughputWindow {
  /** Takes `calls` and `bytes` together or nothing. */
  take(calls: number, bytes: number, now: number): boolean;
  /** Charges what turned out later (the bytes that a read gave): the next `take` waits until it is paid. */
  charge(bytes: number): void;
}

export function throughputWindow(callsPerSecond: number, bytesPerSecond: number): ThroughputWindow {
  let calls = callsPerSecond;
  let bytes = bytesPerSecond;
  let filled = -Infinity;
  let blocked = false;
  return {
    take(takenCalls, takenBytes, now) {
      const seconds = Math.max(0, now - filled) / 1000;
      if (seconds > 0) {
        calls = Math.min(callsPerSecond, calls + seconds * callsPerSecond);
        bytes = Math.min(bytesPerSecond, bytes + seconds * bytesPerSecond);
      }
      filled = now;
      blocked &&= bytes < bytesPerSecond;
      if (blocked || calls < takenCalls || bytes < Math.min(takenBytes, bytesPerSecond)) return false;
      calls -= takenCalls;
      bytes -= takenBytes;
      return true;
    },
    charge(chargedBytes) {
      bytes -= chargedBytes;
      // Quotas page: after a read of 10 MB the calls of the next 5 seconds fail, that is until the bucket is full again.
      blocked ||= bytes < 0;
    },
  };
}
