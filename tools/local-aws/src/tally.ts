import type { ServiceName } from './faults.js';

/** Calls per service and operation, as `GET /_loadin/requests` gives them: `{ s3: { PutObject: 3 } }`. */
export type RequestCounts = Partial<Record<ServiceName, Record<string, number>>>;

export interface Tally {
  count(service: ServiceName, operation: string): void;
  read(): RequestCounts;
  clear(): void;
}

export function createTally(): Tally {
  let counts: RequestCounts = {};
  return {
    count(service, operation) {
      const ofService = (counts[service] ??= {});
      ofService[operation] = (ofService[operation] ?? 0) + 1;
    },
    read: () => structuredClone(counts),
    clear() {
      counts = {};
    },
  };
}
