/** What a process holds after a collection. */
export interface MemorySample {
  readonly pages: number;
  readonly records: number;
  /** Objects and buffers. */
  readonly heapMB: number;
  /** Of the process as the system sees it. */
  readonly rssMB: number;
}

/**
 * How far memory has moved from where it was when everything had been loaded and warmed up (the first sample): the largest rise of all later
 * samples, in MB; 0 when there is none.
 */
export function drift(samples: readonly MemorySample[], of: 'heapMB' | 'rssMB'): number {
  const [first, ...later] = samples.map((sample) => sample[of]);
  return Math.max(0, ...later.map((value) => value - (first ?? NaN)));
}
