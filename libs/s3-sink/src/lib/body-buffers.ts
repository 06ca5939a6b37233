/** Memory for bodies, used again: fresh memory of this size costs more time than writing the body into it. */
export interface BodyBuffers {
  /** At least so many bytes, of whatever content. */
  take(bytes: number): Buffer;
  /** A buffer of `take`, or a part of it, that nobody looks at any more. One that is not given back is simply collected. */
  giveBack(buffer: Buffer): void;
}

/** As many as a run writes at once by default; with them at most 16 MiB are kept. */
const MOST_KEPT = 4;
const MOST_BYTES = 4 * 1024 * 1024;
/** Smaller ones come from memory that the process has anyway. */
const LEAST_BYTES = 128 * 1024;

export function createBodyBuffers(): BodyBuffers {
  const kept: Buffer[] = [];
  return {
    take(bytes) {
      const index = bytes < LEAST_BYTES ? -1 : kept.findIndex(({ byteLength }) => byteLength >= bytes);
      const [found] = index === -1 ? [] : kept.splice(index, 1);
      // Slow: a buffer of its own, never a part of Node's pool, which others write to.
      return found ?? Buffer.allocUnsafeSlow(bytes);
    },
    giveBack({ buffer }) {
      if (buffer.byteLength < LEAST_BYTES || buffer.byteLength > MOST_BYTES) return;
      kept.push(Buffer.from(buffer));
      // The one that was kept longest is the one that did not fit what was asked for.
      if (kept.length > MOST_KEPT) kept.shift();
    },
  };
}
