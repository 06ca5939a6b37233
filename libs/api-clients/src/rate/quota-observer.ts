import type { Clock } from '@loadin/pipeline';
import type { SlotLedger } from './quota-slots.js';

/** Watches the beats of other processes, by this one's clock alone. */
export interface Observer {
  /** Those whose beat has stood still for the length of their lease. */
  crashed(ledger: SlotLedger): string[];
}

export function createObserver(clock: Clock, self: string): Observer {
  let seen = new Map<string, { readonly beat: number; readonly at: number }>();
  return {
    crashed({ owners }) {
      const now = clock.now();
      const others = Object.entries(owners).filter(([id]) => id !== self);
      const known = seen;
      const firstSeen = (id: string, beat: number): number => {
        const before = known.get(id);
        return before?.beat === beat ? before.at : now;
      };
      seen = new Map(others.map(([id, { beat }]) => [id, { beat, at: firstSeen(id, beat) }]));
      return others.filter(([id, { beat, leaseMs }]) => now - firstSeen(id, beat) >= leaseMs).map(([id]) => id);
    },
  };
}
