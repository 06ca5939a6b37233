// A name of its own: in a context of node:vm, where Jest runs specifications, every look-up of a global is a call.
const { imul } = Math;

/** Spreads 32 bits over 32 bits, each input to an output of its own (the finalizer of MurmurHash3). */
export function mixed(hash: number): number {
  let h = imul(hash ^ (hash >>> 16), 0x85ebca6b);
  h = imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
