import fc from 'fast-check';
import type { Taken } from '../slices/intake.js';
import type { Cursor } from '../ports/cursor.js';
import type { Json } from '../ports/json.js';
import type { Slice, Stream } from '../ports/stream.js';
import { seed } from './cursors.fixture.js';
import { createReach } from './reach.js';

const stream: Pick<Stream, 'cursor' | 'key'> = {
  cursor: { kinds: ['number'], ordered: true, of: (raw) => cursorOf(raw) },
  key: (raw) => (raw as { id?: string } | null)?.id,
};
const cursorOf = (raw: Json): Cursor | undefined => {
  const { at } = raw as { at?: number };
  return at === undefined ? undefined : [String(at)];
};
const bounded: Slice = { ordinal: 0, name: 'all', bounds: {}, interval: { from: null, to: ['1000'] } };
const open: Slice = { ordinal: 0, name: 'all', bounds: {}, interval: { from: null, to: null } };

const record = { id: 'x', value: {}, json: '{}', hash: '' };
const accepted = (at?: number, id = `id ${at}`): Taken => ({ raw: { id, ...(at !== undefined && { at }) }, intake: { kind: 'accepted', record } });
const rejected = (at: number): Taken => ({ raw: { at }, intake: { kind: 'rejected', reason: 'odd', errorClass: 'RejectedRecord' } });
const repeated = (at: number, id: string): Taken => ({ raw: { id, at }, intake: { kind: 'deduplicated' } });
const nothing: Taken = { raw: null, intake: { kind: 'null_entry' } };

describe('what a slice has reached', () => {
  it('is, of the last group of which every sink has acknowledged everything, the last place that was left behind: more records may share the latest', () => {
    const reach = createReach(stream, bounded);
    reach.mark(2, [accepted(1), accepted(2)]);
    reach.mark(4, [accepted(3, 'a'), accepted(3, 'b')]);
    reach.mark(5, [accepted(3, 'c')]);
    reach.mark(6, [accepted(4)]);
    expect([1, 2, 3, 4, 5, 6].map((n) => reach.reached(n)?.cursor)).toEqual([null, ['1'], ['1'], ['2'], ['2'], ['3']]);
    expect(reach.finished()).toEqual({ cursor: ['4'] });
  });

  it('is the latest record itself where the cursor has a key, which tells records of one place from each other', () => {
    const cursor = { kinds: ['number', 'text'] as const, ordered: true, of: (raw: Json): Cursor => [String((raw as { at: number }).at), 'key'] };
    const reach = createReach({ ...stream, cursor }, bounded);
    reach.mark(2, [accepted(1), accepted(2)]);
    expect(reach.reached(2)).toEqual({ cursor: ['2', 'key'] });
  });

  it('counts rejected records, whose letters are written, and leaves out nulls', () => {
    const reach = createReach(stream, bounded);
    reach.mark(1, [accepted(1), nothing]);
    reach.mark(1, [rejected(5), rejected(6)]);
    expect(reach.reached(0)).toEqual({ cursor: null });
    expect(reach.reached(1)).toEqual({ cursor: ['5'] });
    expect(reach.finished()).toEqual({ cursor: ['6'] });
  });

  it('goes on from what an earlier attempt has reached, while its groups are walked again', () => {
    const reach = createReach(stream, bounded, { cursor: ['7'] });
    reach.mark(1, [accepted(3)]);
    expect(reach.reached(10)).toEqual({ cursor: ['7'] });
    reach.mark(3, [accepted(9), accepted(10)]);
    expect(reach.reached(10)).toEqual({ cursor: ['9'] });
  });

  it('does not pass a record that came out of order, nor move on before the end then', () => {
    const reach = createReach(stream, bounded, { cursor: ['2'] });
    reach.mark(2, [accepted(3), accepted(8)]);
    reach.mark(3, [accepted(9)]);
    expect(reach.reached(3)).toEqual({ cursor: ['8'] });
    reach.mark(4, [accepted(5)]);
    reach.mark(6, [accepted(9), accepted(10)]);
    expect(reach.reached(6)).toEqual({ cursor: ['5'], out_of_order: true });
    expect(reach.finished()).toEqual({ cursor: ['10'] });
    expect(reach.notes()).toEqual([expect.objectContaining({ kind: 'drift', message: expect.stringContaining('out of the order') })]);
  });

  it('is not passed by a later attempt either, which walks the groups again that came before the one out of order', () => {
    const earlier = createReach(stream, bounded);
    earlier.mark(3, [accepted(3), accepted(8), accepted(9)]);
    earlier.mark(4, [accepted(5)]);
    const saved = earlier.reached(4);
    const reach = createReach(stream, bounded, saved);
    reach.mark(3, [accepted(3), accepted(8), accepted(9)]);
    expect(reach.reached(3)).toEqual(saved);
    expect(reach.notes()).toEqual(earlier.notes());
    expect(reach.finished()).toEqual({ cursor: ['9'] });
  });

  it('is moved by no record without a cursor, and says how many there were', () => {
    const reach = createReach(stream, bounded);
    reach.mark(4, [accepted(4), accepted(undefined, 'a'), accepted(undefined, 'b'), accepted(5)]);
    expect(reach.reached(4)).toEqual({ cursor: ['4'] });
    expect(reach.notes()).toEqual([expect.objectContaining({ message: expect.stringContaining('2 records have no cursor') })]);
    const odd = createReach({ ...stream, cursor: { kinds: ['number'], ordered: true, of: () => ['soon'] } }, bounded);
    odd.mark(1, [accepted(4)]);
    expect(odd.finished()).toEqual({ cursor: null });
  });

  it('stays before a later state of a record, which the run has delivered in an earlier one', () => {
    const reach = createReach(stream, open);
    reach.mark(2, [accepted(1, 'a'), accepted(2, 'b')]);
    reach.mark(2, [repeated(2, 'b'), repeated(6, 'a')]);
    reach.mark(4, [accepted(9, 'c'), accepted(10, 'd')]);
    expect(reach.reached(4)).toEqual({ cursor: ['6'] });
    expect(reach.finished()).toEqual({ cursor: ['10'], again: ['6'] });
  });

  it('takes no heed of repetitions where the end is known: what changes meanwhile lies beyond it', () => {
    const reach = createReach(stream, bounded);
    reach.mark(1, [accepted(1, 'a'), repeated(6, 'a')]);
    expect(reach.finished()).toEqual({ cursor: ['6'] });
  });

  it('is nothing for a stream without a cursor', () => {
    const reach = createReach({ key: stream.key }, bounded);
    reach.mark(1, [accepted(1)]);
    expect([reach.reached(1), reach.finished(), reach.notes()]).toEqual([undefined, undefined, []]);
  });

  it('never passes a record that is not acknowledged, and in an ordered stream never goes back', () => {
    const groups = fc.array(fc.array(fc.record({ step: fc.nat({ max: 3 }), good: fc.boolean() }), { maxLength: 4 }), { maxLength: 8 });
    fc.assert(
      fc.property(groups, fc.array(fc.nat({ max: 5 }), { maxLength: 12 }), (given, acks) => {
        const reach = createReach(stream, bounded);
        let [at, acknowledged, before] = [1, 0, 0];
        const order: number[] = [];
        for (const [i, group] of given.entries()) {
          const taken = group.map(({ step, good }) => {
            at += step;
            expect(before).toBeLessThan(at); // what is read next is not passed either, though it may share a place
            if (good) order.push(at);
            return good ? accepted(at, `${order.length}`) : rejected(at);
          });
          reach.mark(order.length, taken);
          acknowledged = Math.min(order.length, acknowledged + (acks[i] ?? 0));
          const now = Number(reach.reached(acknowledged)?.cursor?.[0] ?? 0);
          expect(now).toBeGreaterThanOrEqual(before);
          if (acknowledged < order.length) expect(now).toBeLessThan(order[acknowledged] ?? 0);
          before = now;
        }
      }),
      { seed, numRuns: 300 },
    );
  });
});
