import { StopError } from '@loadin/resilience';
import type { StateStore } from '../ports/state-store.js';
import type { Lease } from './types.js';

const where = (state: StateStore, key: string): string => `${state.uri} ${key}`;

/** Somebody else is at work. */
export const busyError = (state: StateStore, key: string, { owner, expires_at: expiresAt }: Lease): StopError =>
  new StopError(`${owner} is at work on this: it holds the lease until ${expiresAt} and renews it`, {
    reason: 'lease',
    where: where(state, key),
    hint: 'Wait until it has ended; the same command then goes on, or shows its report.',
    resumeAfter: expiresAt,
  });

/** Somebody else has taken over: nothing that this holder writes succeeds any more. */
export const lostError = (state: StateStore, key: string, by: Lease | undefined): StopError =>
  new StopError(
    by === undefined
      ? 'the item that this process held is gone'
      : `${by.owner ?? 'somebody else'} has taken over: this process had not renewed its lease`,
    { reason: 'lease', where: where(state, key), hint: 'Nothing is lost: whoever took over goes on with it.', resumeAfter: by?.expires_at },
  );

export const givenBackError = (state: StateStore, key: string): StopError =>
  new StopError('this process has given its lease back', { reason: 'lease', where: where(state, key) });
