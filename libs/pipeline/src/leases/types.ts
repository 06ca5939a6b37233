import type { Clock } from '@loadin/resilience';
import type { Logger } from '@loadin/observability';
import type { JsonObject } from '../ports/json.js';
import type { StateStore } from '../ports/state-store.js';

/**
 * A state item that one process holds at a time: the lease lies in the item itself (its field `lease`), so whoever takes it over has changed
 * the item's revision, and nothing that an earlier holder writes can succeed any more.
 */
export interface LeaseOptions {
  readonly state: StateStore;
  /** Names this process in messages: `ownerName()`. */
  readonly owner: string;
  /** Milliseconds that a lease lasts; it is renewed every third of it. Default 30,000 (`LOADIN_LEASE_SECONDS`). */
  readonly lengthMs?: number;
  readonly clock: Clock;
  readonly logger?: Logger;
}

/** The field `lease` of a held item. Its other fields are the item's own. */
export interface Lease {
  /** `null`: it was given back. */
  readonly owner: string | null;
  /** Random, another for every time that it is taken: two takers of one process have the same owner. */
  readonly id: string;
  /** Moves with every renewal; whoever waits compares it, and no clocks. */
  readonly counter: number;
  /** How many holders the item has had: it grows with everyone who takes it. */
  readonly generation: number;
  /** When it ends by its owner's clock, ISO 8601 UTC. For messages only. */
  readonly expires_at: string;
}

export interface HeldItem {
  /** The item's own value as it was last read or written, without the lease; `undefined` as long as there is none. */
  readonly current: JsonObject | undefined;
  readonly generation: number;
  /** Aborted with a `StopError` of reason `lease` as soon as it is known that somebody else has taken over. */
  readonly lost: AbortSignal;
  /**
   * Before something that only the holder should do: throws the `StopError` when the lease is lost; when the last renewal is longer ago than a
   * lease lasts (a paused process that wakes up), renews it first.
   */
  check(): Promise<void>;
  /**
   * Writes the item's own value; counts as a renewal. Throws `StopError` (reason `lease`) when somebody else has taken over, or it was given back.
   * After any other error of the store the lease is still held, and the value may have been written or not; the next save settles it.
   */
  save(value: JsonObject): Promise<void>;
  /**
   * Gives it back, once; others need not wait then. A failure is logged and tried again a few times, not thrown: after them it ends by itself. With a value, that is written by the same
   * write, and what fails is thrown: as after `save` that failed the lease is still held.
   */
  release(last?: JsonObject): Promise<void>;
}

/** An item that somebody else holds, as it was seen. */
export interface BusyItem {
  readonly lease: Lease;
  /** The item's own value: it may say that there is nothing left to do. `undefined` as long as there is none. */
  readonly current: JsonObject | undefined;
}
