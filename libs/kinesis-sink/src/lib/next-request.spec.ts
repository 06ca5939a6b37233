import { createMeter, silentLogger } from '@loadin/observability';
import { recordOf } from '@loadin/testing';
import fc from 'fast-check';
import { createDelivery } from './delivery.js';
import type { Item } from './item.js';
import { newLane, type Lane } from './lane.js';
import { nextRequest, type Choice } from './next-request.js';
import { spent } from './pacer.js';

const perShard = { recordsPerSecond: 1_000, bytesPerSecond: 1_000_000 };
const limits = { maxRecords: 500, maxBytes: 100_000 };

/** A lane with so many records of so many bytes, of which its shard would take `ready` now. */
function laneWith(shardId: string, count: number, { ready = 900, bytes = 10 }: { readonly ready?: number; readonly bytes?: number } = {}): Lane {
  const lane = newLane(shardId, perShard, 0);
  lane.pacer = spent(lane.pacer, 900 - ready, 0);
  const options = { signal: new AbortController().signal, meter: createMeter(), logger: silentLogger };
  const encoded = Array.from({ length: count }, (_, n) => ({ key: `${shardId} ${n}`, record: recordOf('any'), textOf: () => '', bytes }));
  createDelivery(encoded, options).items.forEach((item) => lane.queue.push(item));
  return lane;
}

const itemsOf = (choice: Choice): readonly Item[] => ('items' in choice ? choice.items : []);
const patient = { now: 0, patience: 500, turn: 0 };

describe('nextRequest', () => {
  it('waits for a full request while every shard is at its limit, as long as patience lasts', () => {
    const lanes = [laneWith('a', 2_000, { ready: 50 }), laneWith('b', 2_000, { ready: 150 })];
    expect(nextRequest(lanes, limits, patient)).toEqual({ at: 150 });
    expect(itemsOf(nextRequest(lanes, limits, { ...patient, now: 150 }))).toHaveLength(500);
    expect(itemsOf(nextRequest([laneWith('c', 2_000, { ready: 50 })], limits, { ...patient, patience: 0 }))).toHaveLength(50);
  });

  it('waits no longer than until everything could be sent', () => {
    expect(nextRequest([laneWith('a', 80, { ready: 50 })], limits, patient)).toEqual({ at: 30 });
  });

  it('does not keep a shard waiting that could take all it has', () => {
    const request = itemsOf(nextRequest([laneWith('full', 2_000, { ready: 0 }), laneWith('free', 3)], limits, patient));
    expect(request.map(({ record }) => record.key)).toEqual(['free 0', 'free 1', 'free 2']);
  });

  it('leaves out a shard that has to wait after a refusal, and names the time when nothing else is there', () => {
    const refused = { ...laneWith('refused', 10), notBefore: 70 };
    expect(nextRequest([refused], limits, patient)).toEqual({ at: 70 });
    expect(itemsOf(nextRequest([refused, laneWith('free', 4)], limits, patient))).toHaveLength(4);
  });

  it('has nothing to wait for when nothing is there', () => {
    expect(nextRequest([laneWith('a', 0)], limits, patient)).toEqual({ at: Infinity });
  });

  it('gives each shard its share of a request, and what others leave', () => {
    const countOf = (request: readonly Item[], shard: string): number => request.filter(({ record }) => record.key.startsWith(shard)).length;
    const request = itemsOf(nextRequest([laneWith('a', 900), laneWith('b', 900), laneWith('c', 20)], limits, patient));
    expect([countOf(request, 'a') >= 167, countOf(request, 'b') >= 167, countOf(request, 'c'), request.length]).toEqual([true, true, 20, 500]);
    expect(itemsOf(nextRequest([laneWith('a', 900), laneWith('b', 900)], limits, { ...patient, turn: 1 }))[0]?.record.key).toBe('b 0');
  });

  it('keeps within the limits of a request and of each shard, takes each lane from its front, and loses nothing', () => {
    const lane = fc.record({ count: fc.nat({ max: 800 }), ready: fc.nat({ max: 900 }), bytes: fc.integer({ min: 1, max: 3_000 }) });
    fc.assert(
      fc.property(fc.array(lane, { minLength: 1, maxLength: 5 }), fc.nat({ max: 9 }), (made, turn) => {
        const lanes = made.map(({ count, ...more }, n) => laneWith(`${n}`, count, more));
        const request = itemsOf(nextRequest(lanes, limits, { now: 0, patience: 0, turn }));
        expect(request.length).toBeLessThanOrEqual(500);
        if (request.length > 1) expect(request.reduce((sum, { record }) => sum + record.bytes, 0)).toBeLessThanOrEqual(100_000);
        made.forEach(({ count, ready }, n) => {
          const keys = request.map(({ record }) => record.key).filter((key) => key.startsWith(`${n} `));
          expect(keys).toEqual(keys.map((_, position) => `${n} ${position}`));
          expect(keys.length).toBeLessThanOrEqual(ready);
          expect(lanes[n]?.queue.size).toBe(count - keys.length);
        });
      }),
      { numRuns: 60 },
    );
  });
});
