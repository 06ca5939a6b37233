import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../ports/json.js';
import type { Lease } from './types.js';

/** Who takes an item, and by its clock when. */
export interface Taker {
  readonly owner: string;
  readonly now: number;
  readonly lengthMs: number;
}

/** Another for every time that an item is taken. */
export const newLeaseId = (): string => randomBytes(4).toString('hex');

/** `undefined` for an item that was never held, or whose lease somebody has made unreadable by hand: both are free. */
export function leaseOf(item: JsonObject | undefined): Lease | undefined {
  const lease = item?.['lease'] as Partial<Lease> | null | undefined;
  if (typeof lease?.counter !== 'number' || typeof lease.generation !== 'number' || typeof lease.id !== 'string') return undefined;
  return lease as Lease;
}

/** The item without its lease. One that has nothing else has no value yet. */
export function ownValueOf(item: JsonObject | undefined): JsonObject | undefined {
  if (item?.['lease'] === undefined) return item;
  const own = Object.entries(item).filter(([name]) => name !== 'lease');
  return own.length === 0 ? undefined : Object.fromEntries(own);
}

export const itemOf = (own: JsonObject | undefined, lease: Lease): JsonObject => ({ ...own, lease: { ...lease } });

export const isFree = (lease: Lease | undefined): boolean => lease === undefined || lease.owner === null;

/** Whether nobody else has taken the item since this lease was taken. */
export const isSameHold = (stored: Lease | undefined, held: Lease): boolean =>
  stored !== undefined && stored.id === held.id && stored.generation === held.generation;

export const taken = (before: Lease | undefined, id: string, taker: Taker): Lease => ({
  owner: taker.owner,
  id,
  counter: (before?.counter ?? 0) + 1,
  generation: (before?.generation ?? 0) + 1,
  expires_at: expiry(taker),
});

export const renewed = (lease: Lease, taker: Taker): Lease => ({
  ...lease,
  owner: taker.owner,
  counter: lease.counter + 1,
  expires_at: expiry(taker),
});

export const givenBack = (lease: Lease, now: number): Lease => ({
  ...lease,
  owner: null,
  counter: lease.counter + 1,
  expires_at: new Date(now).toISOString(),
});

const expiry = ({ now, lengthMs }: Taker): string => new Date(now + lengthMs).toISOString();
