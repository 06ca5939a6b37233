import { silentLogger } from '@loadin/observability';
import { FatalError, LoadinError, RetryableError } from '@loadin/resilience';
import { openSession, type Session } from '../connection/session.js';
import type { ReadTableOptions, Sessions } from './read-table.js';

/** One state of the database that several sessions read: that of a session which does nothing else. */
export interface SharedState {
  /** Sees that state. */
  readonly holder: Session;
  /**
   * Up to so many sessions that see it, opened at once. There are fewer where the server has none to spare, or where another server answers, as behind an address of several replicas.
   * Throws what else is wrong, and `RetryableError` when none is let in.
   */
  open(count: number): Promise<Session[]>;
  /**
   * For a read that begins with one of those. After a lost connection it sees this state again, as long as the server knows it, else the one of then, as a read that is alone.
   * @param onLost the server does not know it any more
   */
  sessions(first: Session, name: string, onLost: () => void): Sessions;
  close(): Promise<void>;
}

/** Who stands between may cut a connection of which nothing is heard: a minute is less than any of them waits. */
const SIGN_OF_LIFE_MS = 60_000;

/** `undefined`: the server has no state to share. */
export async function shareState(options: ReadTableOptions): Promise<SharedState | undefined> {
  const { signal, idleTimeoutMs = 0, logger = silentLogger } = options;
  const holder = await openSession(options, { signal });
  const snapshot = await holder.exportSnapshot().catch(async (error: unknown) => {
    await holder.end();
    if (!(error instanceof FatalError)) throw error;
    logger.warn('The server has no state that slices could share', { error: error.message });
    return undefined;
  });
  if (snapshot === undefined) return undefined;
  // That it is lost is found by who needs it.
  const signOfLife = (): void => void holder.query('SELECT 1').catch(() => undefined);
  // To Postgres 0 is no limit.
  const timer = setInterval(signOfLife, Math.min(SIGN_OF_LIFE_MS, idleTimeoutMs > 0 ? idleTimeoutMs / 2 : Infinity)).unref();
  /** `undefined`: the server that answers does not know the state. */
  const openOne = (): Promise<Session | undefined> =>
    openSession(options, { signal, snapshot }).catch((error: unknown) => (isUnknownState(error) ? undefined : Promise.reject(error)));
  return {
    holder,
    open: (count) => opened(Array.from({ length: count }, openOne)),
    sessions(first, name, onLost) {
      let ready: Session | undefined = first;
      let isLost = false;
      const open = async (): Promise<Session> => {
        const found = ready ?? (isLost ? undefined : await openOne());
        ready = undefined;
        if (found !== undefined) return found;
        if (!isLost) onLost();
        isLost = true;
        return openSession(options, { signal });
      };
      return { open, canReopen: true, name };
    },
    async close() {
      clearInterval(timer);
      await holder.end();
    },
  };
}

async function opened(opening: readonly Promise<Session | undefined>[]): Promise<Session[]> {
  const tried = await Promise.allSettled(opening);
  const sessions = tried.flatMap((each) => (each.status === 'fulfilled' && each.value !== undefined ? [each.value] : []));
  const failures = tried.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
  const failure = failures.find((error) => !(error instanceof RetryableError)) ?? (sessions.length === 0 ? failures[0] : undefined);
  if (failure === undefined) return sessions;
  await Promise.all(sessions.map((session) => session.end()));
  throw failure;
}

/** What the server says of a snapshot that it does not know, or whose session is gone, by its version: a wrong value, no such object, not in a state to be imported. */
const UNKNOWN_STATE = new Set(['22023', '42704', '55000']);

const isUnknownState = (error: unknown): boolean =>
  error instanceof LoadinError && UNKNOWN_STATE.has(((error.cause ?? {}) as { code?: string }).code ?? '');
