/** What a run counts while it works; the report shows the sums per stream. */
export type MeterName = 'requests' | 'retries' | 'waits' | 'wait_ms' | 'bytes_read' | 'bytes_written';

export interface Meter {
  add(name: MeterName, amount: number): void;
}

export interface CountingMeter extends Meter {
  readonly totals: Readonly<Record<MeterName, number>>;
}

export const silentMeter: Meter = { add: () => undefined };

export function createMeter(): CountingMeter {
  const totals: Record<MeterName, number> = { requests: 0, retries: 0, waits: 0, wait_ms: 0, bytes_read: 0, bytes_written: 0 };
  return {
    totals,
    add: (name, amount) => {
      totals[name] += amount;
    },
  };
}
