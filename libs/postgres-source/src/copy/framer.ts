import type { RowBlock } from './types.js';

/** Type byte and length of a message: its length counts itself and what follows (PostgreSQL documentation, Frontend/Backend Protocol, message formats). */
const HEADER = 5;
const COPY_DATA = 0x64;
const NEWLINE = 0x0a;

/** What the messages of a COPY are handed to, in the order of the wire. */
export interface FramerEvents {
  rows(block: RowBlock): void;
  /** Any other message: its type byte and its body. The body is valid during the call only. */
  message(type: number, body: Buffer): void;
}

/**
 * Cuts what a socket gives into messages. Rows are not copied: a block refers to the chunk it came with; only a message that is spread over several chunks
 * is put together. Throws when the bytes can't be of this protocol.
 */
export function createFramer(events: FramerEvents): (chunk: Buffer) => void {
  /** The beginning of a message whose end has not come; `have` bytes of it. */
  let partial = Buffer.allocUnsafe(HEADER);
  let have = 0;

  const one = (type: number, bytes: Buffer, from: number, to: number): void => {
    if (type !== COPY_DATA) return events.message(type, bytes.subarray(from, to));
    events.rows({ bytes, count: 1, starts: Int32Array.of(from), ends: Int32Array.of(endOfRow(bytes, from, to)) });
  };

  /** Goes on with the partial message; gives how many bytes of the chunk it took. */
  const complete = (chunk: Buffer): number => {
    let taken = 0;
    const fill = (length: number): boolean => {
      const missing = Math.min(length - have, chunk.length - taken);
      chunk.copy(partial, have, taken, taken + missing);
      have += missing;
      taken += missing;
      return have === length;
    };
    if (have < HEADER && !fill(HEADER)) return taken;
    const length = lengthOf(partial, 0);
    if (partial.length < length) partial = Buffer.concat([partial.subarray(0, have)], length);
    if (!fill(length)) return taken;
    const message = partial;
    partial = Buffer.allocUnsafe(HEADER);
    have = 0;
    one(message[0] as number, message, HEADER, length);
    return taken;
  };

  return (chunk) => {
    let at = have > 0 ? complete(chunk) : 0;
    let rows = noRows;
    let count = 0;
    const flush = (): void => {
      if (count > 0) events.rows({ bytes: chunk, count, ...rows });
      rows = noRows;
      count = 0;
    };
    while (at + HEADER <= chunk.length) {
      const end = at + lengthOf(chunk, at);
      if (end > chunk.length) break;
      if (chunk[at] === COPY_DATA) {
        // As many as there will be if they are like this one.
        if (count === rows.starts.length) rows = withRoom(rows, count + Math.ceil((chunk.length - at) / (end - at)) + 1);
        rows.starts[count] = at + HEADER;
        rows.ends[count] = endOfRow(chunk, at + HEADER, end);
        count += 1;
      } else {
        flush();
        events.message(chunk[at] as number, chunk.subarray(at + HEADER, end));
      }
      at = end;
    }
    flush();
    if (at < chunk.length) {
      const rest = chunk.length - at;
      partial = rest >= HEADER ? Buffer.allocUnsafe(lengthOf(chunk, at)) : Buffer.allocUnsafe(HEADER);
      have = chunk.copy(partial, 0, at);
    }
  };
}

type Bounds = Pick<RowBlock, 'starts' | 'ends'>;
const noRows: Bounds = { starts: new Int32Array(0), ends: new Int32Array(0) };

function withRoom({ starts, ends }: Bounds, size: number): Bounds {
  const larger = { starts: new Int32Array(size), ends: new Int32Array(size) };
  larger.starts.set(starts);
  larger.ends.set(ends);
  return larger;
}

/** Of the whole message, its type byte included. */
function lengthOf(bytes: Buffer, at: number): number {
  const length = bytes.readInt32BE(at + 1);
  if (length < 4) throw new Error(`A message of ${length} bytes is none of Postgres's`);
  return length + 1;
}

/** The server sends each row as one message that ends in a newline. */
function endOfRow(bytes: Buffer, from: number, to: number): number {
  if (to <= from || bytes[to - 1] !== NEWLINE) throw new Error('A row of COPY does not end with a newline');
  return to - 1;
}
