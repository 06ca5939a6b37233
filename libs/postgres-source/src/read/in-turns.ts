import type { RowBlock } from '../copy/types.js';

/** Of rows' text, taken from one stream before it is the next one's turn: less than what waits of each. */
export const TURN_BYTES = 256 * 1024;

interface Lane {
  readonly blocks: AsyncIterator<RowBlock, void>;
  /** Asked for before it was this one's turn. */
  first: Promise<IteratorResult<RowBlock, void>> | undefined;
  rest: RowBlock | undefined;
}

/**
 * Rows of several streams, each of which is filled while another one has its turn: whole rows of at least so many bytes from the first, then from the second, and round again, until all are
 * at their end. So the order of the rows depends on the streams' rows alone, and not on who is quicker. Throws what a stream throws; who stops or is thrown at ends the streams himself.
 */
export async function* inTurns(streams: readonly AsyncIterable<RowBlock>[], turnBytes = TURN_BYTES): AsyncGenerator<RowBlock, void, undefined> {
  let lanes = streams.map(begin);
  while (lanes.length > 0) {
    const going: Lane[] = [];
    for (const lane of lanes) {
      let left = turnBytes;
      while (left > 0) {
        const block = await nextOf(lane);
        if (block === undefined) break;
        const [rows, bytes] = rowsOf(block, left);
        lane.rest = rows === block.count ? undefined : part(block, rows, block.count);
        left -= bytes;
        yield rows === block.count ? block : part(block, 0, rows);
      }
      if (left <= 0) going.push(lane);
    }
    lanes = going;
  }
}

/** All begin at once. */
function begin(stream: AsyncIterable<RowBlock>): Lane {
  const blocks = stream[Symbol.asyncIterator]() as AsyncIterator<RowBlock, void>;
  const first = blocks.next();
  // Who fails is heard when it is his turn.
  first.catch(() => undefined);
  return { blocks, first, rest: undefined };
}

async function nextOf(lane: Lane): Promise<RowBlock | undefined> {
  if (lane.rest !== undefined) return lane.rest;
  const next = await (lane.first ?? lane.blocks.next());
  lane.first = undefined;
  return next.done === true ? undefined : next.value;
}

/** How many rows have so many bytes together, and how many those are. */
function rowsOf({ count, starts, ends }: RowBlock, bytes: number): [rows: number, bytes: number] {
  let [rows, size] = [0, 0];
  for (; rows < count && size < bytes; rows += 1) size += (ends[rows] ?? 0) - (starts[rows] ?? 0) + 1;
  return [rows, size];
}

const part = ({ bytes, starts, ends }: RowBlock, from: number, to: number): RowBlock => ({
  bytes,
  count: to - from,
  starts: starts.subarray(from, to),
  ends: ends.subarray(from, to),
});
