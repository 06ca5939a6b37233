const FIRST_BYTES = 64 * 1024;

/**
 * Collects the bytes of one part. They are copied: a writer may use its buffer again, and a small view must not keep a large one alive. Grows with
 * what is written, so that a thousand small objects under way don't take a thousand whole parts.
 */
export interface PartBuffer {
  /** Takes as much of `bytes` as fits and says how much that was. */
  take(bytes: Uint8Array): number;
  readonly full: boolean;
  /** The bytes so far; the buffer must not be used afterwards. */
  finish(): Uint8Array;
}

export function createPartBuffer(capacity: number, firstBytes = FIRST_BYTES): PartBuffer {
  let buffer = Buffer.allocUnsafeSlow(Math.min(firstBytes, capacity));
  let size = 0;
  return {
    take(bytes) {
      const taken = Math.min(bytes.byteLength, capacity - size);
      if (size + taken > buffer.byteLength) {
        const larger = Buffer.allocUnsafeSlow(Math.min(capacity, Math.max(size + taken, buffer.byteLength * 2)));
        buffer.copy(larger, 0, 0, size);
        buffer = larger;
      }
      buffer.set(taken === bytes.byteLength ? bytes : bytes.subarray(0, taken), size);
      size += taken;
      return taken;
    },
    get full() {
      return size === capacity;
    },
    finish: () => buffer.subarray(0, size),
  };
}
