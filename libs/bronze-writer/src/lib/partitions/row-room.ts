import { oneRowMemory, pooledRowMemory, type RowMemory } from '../threads/taken-rows.js';
import { appendRow, blocksFor, createArena, drain, freeArena, storedSize, type Arena, type Chain } from './arena.js';

/**
 * Memory for the rows of several loads that run side by side: together they hold no more, however many there are. A load may take all that is free; when nothing is, those that hold more than an
 * equal share spill for one that holds less. What is written depends on none of this.
 */
export interface RowRoom {
  /** @param spill moves some of the load's rows to the disk; called also while another load adds a row */
  open(spill: () => void): RoomShare;
  /** Loads that have a share. */
  readonly loads: number;
}

/** What one load has of it. */
export interface RoomShare {
  /** For rows on their way to a row group: the same of all loads. */
  readonly taken: RowMemory;
  /** Appends a row behind its length; false when it has to go to the disk at once, and all rows of the load are there already. */
  append(chain: Chain, row: Buffer, start: number, end: number): boolean;
  /** As `drain` of an arena. */
  drain(chain: Chain, target: Uint8Array, at: number, most?: number): number;
  /** Gives its memory back; the last one gives back all of it. Its chains are of no use any more. */
  close(): void;
}

interface Holder {
  held: number;
  readonly spill: () => void;
}

/** @param bytes of all loads together. `threads: 0`: one load, whose row groups are made one after the other. */
export function createRowRoom(bytes: number, { threads = 1 }: { readonly threads?: 0 | 1 } = {}): RowRoom {
  const holders = new Set<Holder>();
  const taken = threads === 0 ? oneRowMemory() : pooledRowMemory();
  let arena: Arena | undefined;

  /** Frees a block at least, of this load or of one that holds more than it should. False when there is none. */
  const relieve = (own: Holder, needed: number, blocks: number): boolean => {
    const most = Math.floor(blocks / holders.size);
    const largest = [...holders].reduce((a, b) => (b.held > a.held ? b : a), own);
    const one = own.held + needed > most ? own : largest;
    if (one.held === 0) return false;
    one.spill();
    return true;
  };

  return {
    open(spill) {
      const all = (arena ??= createArena(bytes));
      const own: Holder = { held: 0, spill };
      const chains = new Set<Chain>();
      holders.add(own);
      const share: RoomShare = {
        taken,
        append(chain, row, start, end) {
          const before = blocksFor(chain.bytes);
          while (!appendRow(all, chain, row, start, end)) {
            const needed = blocksFor(storedSize(end - start));
            if (!relieve(own, needed, all.next.length)) return false;
            // It may have been this chain that was spilled.
            if (blocksFor(chain.bytes) !== before) return share.append(chain, row, start, end);
          }
          own.held += blocksFor(chain.bytes) - before;
          chains.add(chain);
          return true;
        },
        drain(chain, target, at, most) {
          const before = blocksFor(chain.bytes);
          const drained = drain(all, chain, target, at, most);
          own.held -= before - blocksFor(chain.bytes);
          if (chain.first < 0) chains.delete(chain);
          return drained;
        },
        close() {
          if (!holders.delete(own)) return;
          chains.forEach((chain) => release(all, chain));
          if (holders.size > 0) return;
          taken.clear();
          freeArena(all);
          arena = undefined;
        },
      };
      return share;
    },
    get loads() {
      return holders.size;
    },
  };
}

/** Of a load that has failed: its rows are given up. */
function release(arena: Arena, chain: Chain): void {
  for (let block = chain.first; block >= 0;) {
    const next = arena.next[block] ?? -1;
    arena.next[block] = arena.firstFree;
    arena.firstFree = block;
    arena.free++;
    block = next;
  }
}
