import type { Item } from './item.js';
import type { Lane } from './lane.js';
import type { RequestLimits } from './limits.js';
import { fits, readyAt, refilled, spent } from './pacer.js';

/** A request, or when to look again: `Infinity` when nothing waits. */
export type Choice = { readonly items: readonly Item[] } | { readonly at: number };

export interface Moment {
  readonly now: number;
  /** Until then a request that would be small may wait for the shards to take more. */
  readonly patience: number;
  /** Which lane comes first. */
  readonly turn: number;
}

/**
 * Takes the next request out of the lanes, as full as the shards allow. When all that waits is waiting for its shard, a small request is put off:
 * nothing is gained by many of them. A shard that could take everything that waits for it is never kept waiting.
 */
export function nextRequest(lanes: readonly Lane[], limits: RequestLimits, { now, patience, turn }: Moment): Choice {
  const waiting = lanes.filter(({ queue }) => queue.size > 0);
  const open = waiting.filter(({ notBefore }) => notBefore <= now);
  for (const lane of open) lane.pacer = refilled(lane.pacer, now);
  const better = now < patience ? betterAt(open, limits, now) : now;
  if (better > now) return { at: Math.min(better, patience, ...notBefores(waiting, now)) };
  const items = take(open, limits, turn);
  if (items.length > 0) return { items };
  const ready = open.map(({ pacer, queue }) => Math.max(now + 1, readyAt(pacer, queue.peek()?.record.bytes ?? 0)));
  return { at: Math.min(...ready, ...notBefores(waiting, now)) };
}

const notBefores = (lanes: readonly Lane[], now: number): number[] => lanes.map(({ notBefore }) => notBefore).filter((time) => time > now);

/** When a full request, or all that waits, could be sent if that is later than now. */
function betterAt(lanes: readonly Lane[], { maxRecords, maxBytes }: RequestLimits, now: number): number {
  let sendable = 0;
  let bytes = 0;
  let all = 0;
  let perSecond = 0;
  for (const { queue, pacer } of lanes) {
    const mean = queue.bytes / queue.size;
    const allowed = Math.max(0, Math.floor(Math.min(queue.size, pacer.records, pacer.bytes / mean)));
    if (allowed === queue.size) return now;
    all += queue.size;
    sendable += allowed;
    bytes += allowed * mean;
    perSecond += pacer.share * Math.min(pacer.limits.recordsPerSecond, pacer.limits.bytesPerSecond / mean);
  }
  const wanted = Math.min(all, maxRecords, Math.floor(sendable * (maxBytes / bytes) || maxRecords));
  return sendable >= wanted ? now : now + Math.ceil(((wanted - sendable) / perSecond) * 1_000);
}

/** The lanes in turn, each at first no more than its share of the request. */
function take(lanes: readonly Lane[], limits: RequestLimits, turn: number): Item[] {
  const items: Item[] = [];
  const share = Math.ceil(limits.maxRecords / lanes.length);
  const start = lanes.length === 0 ? 0 : turn % lanes.length;
  const inTurn = [...lanes.slice(start), ...lanes.slice(0, start)];
  let bytes = 0;
  for (let before = -1; before < items.length;) {
    before = items.length;
    for (const lane of inTurn) bytes += takeFrom(lane, items, share, limits, bytes);
  }
  return items;
}

/** The bytes of what was taken. */
function takeFrom(lane: Lane, items: Item[], share: number, { maxRecords, maxBytes }: RequestLimits, before: number): number {
  const { queue, pacer } = lane;
  const most = Math.min(share, maxRecords - items.length);
  let count = 0;
  let bytes = 0;
  queue.takeWhile((item) => {
    if (count === most) return false;
    const size = bytes + item.record.bytes;
    if ((items.length > 0 && before + size > maxBytes) || !fits(pacer, count + 1, size)) return false;
    items.push(item);
    count += 1;
    bytes = size;
    return true;
  });
  lane.pacer = spent(pacer, count, bytes);
  return bytes;
}
