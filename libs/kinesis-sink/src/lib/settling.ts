import type { Ack } from '@loadin/pipeline';
import { RetryableError, type Backoff, type LoadinError } from '@loadin/resilience';
import type { Delivery } from './delivery.js';
import { grouped } from './grouped.js';
import type { KeyChains } from './key-chains.js';
import type { Item } from './item.js';
import type { Lane } from './lane.js';
import type { Lanes } from './lanes.js';
import { refilled, slowed } from './pacer.js';
import { refusalError, type Answer, type Outcome } from './put-records.js';
import type { Counts } from './stats.js';

export interface SettlingOptions {
  readonly streamName: string;
  readonly chains: KeyChains;
  readonly lanes: Lanes;
  readonly now: () => number;
  readonly backoff: Backoff;
  /** How often a record may be refused before its shard is given up for the batch (or, for a refusal that no repetition helps, the record is). */
  readonly recordAttempts: number;
  readonly counts: Counts;
}

/** What follows for the records of a request from its answer. */
export interface Settling {
  /** Gives whether a shard other than expected has answered. */
  answered(items: readonly Item[], answer: Answer): boolean;
  /** The whole request failed. Batches that have seen `attempts` such failures in a row end with this error. */
  failed(items: readonly Item[], error: unknown, canHaveBeenTaken: boolean, attempts: number): void;
  /** Nothing of the batch is sent any more. */
  drop(delivery: Delivery, error: unknown): void;
}

type Refused = Extract<Outcome, { status: 'refused' }>;

/** What a request meant for one lane. */
interface Tally {
  accepted: number;
  throttled: number;
  refused: number;
}

/** One for all records: there are millions. */
const DELIVERED: Ack = { status: 'delivered' };

export function createSettling({ streamName, chains, lanes, now, backoff, recordAttempts, counts }: SettlingOptions): Settling {
  /** The next of its key takes its place. */
  const goOn = (item: Item): void => {
    const next = chains.release(item);
    if (next) lanes.enqueue(next);
  };
  /** A later attempt sends what was left: until then nothing may overtake it, of whatever batch. Behind what was cancelled nobody waits. */
  const leaveFollowers = (item: Item, error: unknown): void => {
    for (let { next } = item.link; next; { next } = next.link) if (next.state !== 'out') next.delivery.leave(next, error);
  };
  const leave = (item: Item, error: unknown): void => {
    if (!item.delivery.closed) leaveFollowers(item, error);
    item.delivery.leave(item, error);
    goOn(item);
  };
  /** Leaves what has not been sent; what is under way still gets its answer. */
  const giveUp = (delivery: Delivery, lane: Lane | 'all', error: unknown): void => {
    delivery.givenUp.add(lane);
    const left = delivery.items.filter(
      (item) => (item.state === 'queued' || item.state === 'waiting') && (lane === 'all' || (item.lane ?? lanes.laneOf(item)) === lane),
    );
    const first = left.filter(({ state }) => state === 'queued');
    const firstOfKeys = new Map([...left].reverse().map((item) => [item.record.key, item]));
    if (!delivery.closed) for (const item of firstOfKeys.values()) leaveFollowers(item, error);
    for (const item of left) if (item.state !== 'out') delivery.leave(item, error);
    lanes.purge();
    first.forEach(goOn);
  };

  const accept = (item: Item, repeated: boolean): void => {
    counts.accepted += 1;
    if (repeated || item.unanswered) counts.possibleDuplicates += 1;
    item.delivery.settle(item, DELIVERED);
    goOn(item);
  };
  /** Whether the item must be sent again. */
  const refuse = (item: Item, { code, message, what }: Refused): boolean => {
    const { delivery } = item;
    counts.refused[code] = (counts.refused[code] ?? 0) + 1;
    item.refusals += 1;
    const exhausted = item.refusals >= recordAttempts;
    if (what === 'fatal') {
      const error = refusalError(code, message, streamName);
      leave(item, error);
      giveUp(delivery, 'all', error);
    } else if (exhausted && what === 'unknown') {
      const reason = `Kinesis refused it ${item.refusals} times, last with ${code}${message === '' ? '' : `: ${message}`}`;
      delivery.settle(item, { status: 'undeliverable', errorClass: code, reason });
      goOn(item);
    } else if (exhausted || isGivenUp(item)) {
      // A full shard or a fault of the service passes: such a record is never given up for good.
      const error = fullShard(item.refusals, code);
      const { lane } = item;
      leave(item, error);
      if (exhausted && lane) giveUp(delivery, lane, error);
    } else return true;
    return false;
  };
  const pace = (lane: Lane, { accepted, throttled, refused }: Tally): void => {
    const time = now();
    if (throttled > 0) lane.pacer = slowed(refilled(lane.pacer, time), throttled / (accepted + refused), time);
    const unpaced = lane.pacer.limits.recordsPerSecond === Infinity;
    if (refused === 0 || (accepted > 0 && !unpaced)) lane.failuresInRow = 0;
    else if (lane.notBefore <= time) {
      lane.failuresInRow += 1;
      lane.notBefore = time + backoff(lane.failuresInRow);
    }
  };

  return {
    answered(items, { outcomes, repeated }) {
      const tallies = grouped<Lane, Tally>(() => ({ accepted: 0, throttled: 0, refused: 0 }));
      const written = grouped<Delivery, { bytes: number }>(() => ({ bytes: 0 }));
      const again: Item[] = [];
      let otherShard = false;
      items.forEach((item, index) => {
        const outcome = outcomes[index] as Outcome;
        const lane = item.lane as Lane;
        const tally = tallies.of(lane);
        const ofBatch = written.of(item.delivery);
        if (outcome.shardId !== undefined && lane.shardId !== undefined && outcome.shardId !== lane.shardId) otherShard = true;
        if (outcome.status === 'accepted') {
          tally.accepted += 1;
          ofBatch.bytes += item.record.bytes;
          return accept(item, repeated);
        }
        tally.refused += 1;
        if (outcome.what === 'throttled') tally.throttled += 1;
        if (refuse(item, outcome)) again.push(item);
      });
      for (const [delivery, { bytes }] of written.all) {
        delivery.failedRequests = 0;
        if (bytes > 0) delivery.options.meter.add('bytes_written', bytes);
      }
      for (const [lane, tally] of tallies.all) pace(lane, tally);
      repeat(again, items.length);
      return otherShard;
    },
    failed(sent, error, canHaveBeenTaken, attempts) {
      const items = sent.filter(({ state }) => state === 'sent');
      const concerned = new Set(items.map(({ delivery }) => delivery));
      for (const delivery of concerned) delivery.failedRequests += 1;
      const ending = [...concerned].filter((delivery) => delivery.closed || delivery.failedRequests >= attempts);
      for (const item of items) item.unanswered ||= canHaveBeenTaken;
      const [left, again] = [items.filter(({ delivery }) => ending.includes(delivery)), items.filter(({ delivery }) => !ending.includes(delivery))];
      for (const delivery of ending) giveUp(delivery, 'all', error);
      for (const item of left) leave(item, error);
      if (again.length === 0) return;
      const { logger, meter } = (again[0] as Item).delivery.options;
      logger.warn('A whole Kinesis request failed; it will be repeated', { error: (error as LoadinError).message, records: again.length });
      meter.add('retries', 1);
      sendAgain(again, error);
    },
    drop: (delivery, error) => giveUp(delivery, 'all', error),
  };

  function repeat(again: readonly Item[], of: number): void {
    if (again.length === 0) return;
    const { logger, meter } = (again[0] as Item).delivery.options;
    logger.debug('Kinesis refused a part of a request; only that is repeated', { refused: again.length, records: of });
    meter.add('retries', 1);
    sendAgain(again, undefined);
  }
  /** A batch may have been given up by a later record of the same answer. */
  function sendAgain(items: readonly Item[], error: unknown): void {
    const [left, again] = [items.filter(isGivenUp), items.filter((item) => !isGivenUp(item))];
    for (const item of left) leave(item, error ?? item.delivery.error);
    lanes.giveBack(again);
  }
}

const isGivenUp = ({ delivery, lane }: Item): boolean =>
  delivery.closed || delivery.givenUp.has('all') || (lane !== undefined && delivery.givenUp.has(lane));

const fullShard = (refusals: number, code: string): LoadinError =>
  new RetryableError(`Kinesis refused a record ${refusals} times, last with ${code}`, {
    hint: 'Its shard is full or out of order: give the stream more shards, or run the same command again later.',
  });
