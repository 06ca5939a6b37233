import fc from 'fast-check';
import { emptySlots, given, left, shown, slotsInUse, slotsToGive, taken, withoutCrashed, type SlotLedger } from './quota-slots.js';

const sign = (hungry: boolean) => ({ hungry, beat: 1, leaseMs: 6_000 });
const slotsOf = ({ owners }: SlotLedger): Record<string, number> => Object.fromEntries(Object.entries(owners).map(([id, { slots }]) => [id, slots]));

/** One renewal of an owner: it gives what it should, all of it cold, and takes what it may. */
function renewed(ledger: SlotLedger, id: string, limit: number, { hungry = true, unused = 0 } = {}): SlotLedger {
  const visible = shown(ledger, id, sign(hungry));
  const give = slotsToGive(visible, id, unused);
  return taken(
    given(
      visible,
      id,
      Array.from({ length: give }, () => 0),
    ),
    id,
    limit,
  ).ledger;
}
const settled = (ledger: SlotLedger, ids: readonly string[], limit: number, rounds = 3): SlotLedger =>
  Array.from({ length: rounds }, () => ids)
    .flat()
    .reduce((now, id) => renewed(now, id, limit), ledger);

describe('the slots of a window', () => {
  it('all go to the one process that needs them, at once: they were never used', () => {
    const { ledger, coolMs } = taken(shown(emptySlots, 'a', sign(true)), 'a', 5);
    expect(slotsOf(ledger)).toEqual({ a: 5 });
    expect(coolMs).toEqual([0, 0, 0, 0, 0]);
  });

  it('are taken so many at once and no more', () => {
    expect(slotsOf(taken(shown(emptySlots, 'a', sign(true)), 'a', 170, 34).ledger)).toEqual({ a: 34 });
  });

  it('are shared evenly with those who come', () => {
    expect(Object.values(slotsOf(settled(renewed(emptySlots, 'a', 5), ['a', 'b'], 5))).sort()).toEqual([2, 3]);
    expect(Object.values(slotsOf(settled(renewed(emptySlots, 'a', 5), ['a', 'b', 'c', 'd'], 5))).sort()).toEqual([1, 1, 1, 2]);
  });

  it('go round when there are more processes than slots: each gets its turn', () => {
    const ids = ['a', 'b', 'c', 'd'];
    const turns = new Map(ids.map((id) => [id, 0]));
    let ledger = emptySlots;
    for (let round = 0; round < 20; round += 1) {
      for (const id of ids) {
        ledger = renewed(ledger, id, 2);
        expect(slotsInUse(ledger)).toBeLessThanOrEqual(2);
      }
      for (const [id, slots] of Object.entries(slotsOf(ledger))) turns.set(id, (turns.get(id) ?? 0) + slots);
    }
    for (const had of turns.values()) expect(had).toBeGreaterThanOrEqual(5);
  });

  it('are given by who does not use them to who needs them, and kept while nobody does', () => {
    const two = settled(emptySlots, ['a', 'b'], 5);
    expect(slotsToGive(shown(two, 'a', sign(false)), 'a', 1)).toBe(1);
    expect(slotsToGive(shown(two, 'b', sign(false)), 'a', 1)).toBe(0);
  });

  it('of a crashed process cool for a whole window in the hands of the next', () => {
    const { ledger, coolMs } = taken(withoutCrashed(shown(renewed(emptySlots, 'a', 3), 'b', sign(true)), ['a'], 1_000), 'b', 3);
    expect(slotsOf(ledger)).toEqual({ b: 3 });
    expect(coolMs).toEqual([1_000, 1_000, 1_000]);
  });

  it('are taken coldest first, with the time that they still have to cool', () => {
    const back = left(given(renewed(emptySlots, 'a', 3), 'a', [900, 0, 300]), 'a');
    expect(slotsOf(back)).toEqual({});
    expect(taken(shown(back, 'b', sign(true)), 'b', 2).coolMs).toEqual([0, 300]);
  });

  it('are never more than the limit, nor lost, whatever processes of whatever limits do', () => {
    const step = fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      what: fc.constantFrom('renew' as const, 'renew' as const, 'renew' as const, 'leave' as const, 'crash' as const),
      hungry: fc.boolean(),
      unused: fc.integer({ min: 0, max: 3 }),
      lower: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150 }), fc.integer({ min: 1, max: 9 }), (steps, limit) => {
        let ledger = emptySlots;
        for (const { id, what, hungry, unused, lower } of steps) {
          const before = slotsInUse(ledger) + ledger.free.reduce((sum, { slots }) => sum + slots, 0);
          if (what === 'renew') ledger = renewed(ledger, id, lower ? Math.ceil(limit / 2) : limit, { hungry, unused });
          if (what === 'crash') ledger = withoutCrashed(ledger, [id], 1_000);
          if (what === 'leave')
            ledger = left(
              given(
                ledger,
                id,
                Array.from({ length: slotsOf(ledger)[id] ?? 0 }, () => 500),
              ),
              id,
            );
          const after = slotsInUse(ledger) + ledger.free.reduce((sum, { slots }) => sum + slots, 0);
          if (after > limit || after < before) throw new Error(`${before} slots became ${after} of ${limit}`);
        }
      }),
      { numRuns: 300 },
    );
  });
});
