import type { Delivery } from './delivery.js';
import type { Encoded } from './encode-record.js';
import type { HashKey } from './hash-key.js';
import type { Lane } from './lane.js';

/**
 * A record on its way. `waiting`: behind another of its key · `queued`: in its lane · `sent`: in a request · `out`: answered for, or left pending.
 */
export interface Item {
  readonly record: Encoded;
  readonly delivery: Delivery;
  /** Of the batch. */
  readonly index: number;
  state: 'waiting' | 'queued' | 'sent' | 'out';
  lane: Lane | undefined;
  /** Made when it is first needed. */
  hashKey: HashKey | undefined;
  readonly link: Link;
  /** How often Kinesis has refused it. */
  refusals: number;
  /** Whether it can be in the stream already: the answer to a request with it was lost. */
  unanswered: boolean;
}

/** What the line of a key is made of: apart from the item, so that who remembers the end of a line holds no record. */
export interface Link {
  /** The next of its key; `null`: it was the last, and it is out. */
  next: Item | null | undefined;
}

export const newItem = (record: Encoded, delivery: Delivery, index: number): Item => ({
  record,
  delivery,
  index,
  state: 'waiting',
  lane: undefined,
  hashKey: undefined,
  link: { next: undefined },
  refusals: 0,
  unanswered: false,
});
