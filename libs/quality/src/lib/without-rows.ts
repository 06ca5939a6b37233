import type { CopyRows, LeftOutRow } from './types.js';

/** The block without the rows that are left out (ascending, as an inspector gives them); its bytes are shared. */
export function withoutRows<Block extends CopyRows>(block: Block, leftOut: readonly LeftOutRow[]): CopyRows & Pick<Block, 'bytes'> {
  if (leftOut.length === 0) return block;
  const count = block.count - leftOut.length;
  const [starts, ends] = [new Int32Array(count), new Int32Array(count)];
  let [to, next] = [0, 0];
  for (let n = 0; n < block.count; n++) {
    if (leftOut[next]?.row === n) next++;
    else {
      starts[to] = block.starts[n] ?? 0;
      ends[to++] = block.ends[n] ?? 0;
    }
  }
  return { bytes: block.bytes, count, starts, ends };
}
