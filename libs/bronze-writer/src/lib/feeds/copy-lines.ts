const NEWLINE = 0x0a;

/** Bytes twice: Node's own searching, and code that is quicker with one kind of array alone. */
export interface Chunk {
  readonly buffer: Buffer;
  readonly bytes: Uint8Array;
}

export const chunkOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Chunk => ({
  buffer: Buffer.from(buffer, byteOffset, byteLength),
  bytes: new Uint8Array(buffer, byteOffset, byteLength),
});

/** A line between its breaks; of use until the next one is asked for. */
export interface Line {
  readonly chunk: Chunk;
  readonly start: number;
  readonly end: number;
}

export interface CopyLines {
  /** The lines that end in this chunk. Its memory may be used again once all were taken. */
  linesOf(chunk: Uint8Array): Iterable<Line>;
  /** Bytes behind the last line break. */
  readonly rest: number;
}

/** Finds lines in chunks that are cut anywhere. A line over many chunks is put together once. */
export function copyLines(): CopyLines {
  let pieces: Buffer[] = [];
  let rest = 0;
  const whole = (last: Buffer): Line => {
    const line = chunkOf(Buffer.concat([...pieces, last]));
    pieces = [];
    rest = 0;
    return { chunk: line, start: 0, end: line.bytes.length };
  };
  return {
    get rest() {
      return rest;
    },
    *linesOf(bytes) {
      const chunk = chunkOf(bytes);
      const { buffer } = chunk;
      let start = 0;
      for (let end = buffer.indexOf(NEWLINE); end >= 0; end = buffer.indexOf(NEWLINE, start)) {
        yield rest > 0 ? whole(buffer.subarray(start, end)) : { chunk, start, end };
        start = end + 1;
      }
      if (start === buffer.length) return;
      pieces.push(Buffer.from(buffer.subarray(start)));
      rest += buffer.length - start;
    },
  };
}
