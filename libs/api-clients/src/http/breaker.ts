import { RetryableError, systemClock, type Clock } from '@loadin/pipeline';

export interface BreakerOptions {
  /**
   * Failures in a row (no connection, no answer in time, 5xx), retries counted, after which a host is left alone. Default 8: two calls with
   * all their retries; a host that answers now and then is not meant.
   */
  readonly failures?: number;
  /** Milliseconds for which no call is made then. Default 30,000: a restart or a deployment takes about so long. */
  readonly openMs?: number;
  /** Each probe that fails doubles that time, up to so many milliseconds. Default 300,000: a host that is back is found within five minutes. */
  readonly maxOpenMs?: number;
  /** Default: the system's clock. */
  readonly clock?: Clock;
}

/** What became of a call: an answer of any status below 500, a failure, or nothing that says anything about the host. */
export type Outcome = 'answered' | 'failed' | 'cancelled';

/** Leaves dead hosts alone: all that share it stop calling a host that has failed several times in a row, until one probe has an answer. */
export interface Breaker {
  /** Throws `RetryableError` at once while no call is made to this origin (`https://api.example.com`). */
  check(origin: string): void;
  /**
   * Like `check`; else the call is made, as the probe when one is due. The caller tells what became of it, once; the answer is the instant
   * (epoch milliseconds) until which the host is left alone from now on, when that is what it comes to.
   */
  enter(origin: string): (outcome: Outcome) => number | undefined;
}

interface Host {
  failures: number;
  /** Epoch milliseconds; `undefined`: calls are made. */
  openUntil: number | undefined;
  openMs: number;
  probing: boolean;
}

export function createBreaker({ failures = 8, openMs = 30_000, maxOpenMs = 300_000, clock = systemClock }: BreakerOptions = {}): Breaker {
  const hosts = new Map<string, Host>();
  const hostOf = (origin: string): Host => {
    const host = hosts.get(origin) ?? { failures: 0, openUntil: undefined, openMs, probing: false };
    hosts.set(origin, host);
    return host;
  };
  const check = (origin: string): void => {
    const { failures: inARow, openUntil, probing } = hostOf(origin);
    if (openUntil !== undefined && (probing || clock.now() < openUntil)) throw leftAlone(origin, inARow, openUntil, clock.now());
  };
  const failed = (host: Host, wasProbe: boolean): number | undefined => {
    host.failures += 1;
    if (host.openUntil !== undefined && !wasProbe) return undefined; // sent before the host was given up
    if (!wasProbe && host.failures < failures) return undefined;
    host.openMs = wasProbe ? Math.min(host.openMs * 2, maxOpenMs) : openMs;
    host.openUntil = clock.now() + host.openMs;
    return host.openUntil;
  };
  return {
    check,
    enter(origin) {
      check(origin);
      const host = hostOf(origin);
      const isProbe = host.openUntil !== undefined;
      if (isProbe) host.probing = true;
      return (outcome) => {
        if (isProbe) host.probing = false;
        if (outcome === 'failed') return failed(host, isProbe);
        if (outcome === 'answered') Object.assign(host, { failures: 0, openUntil: undefined });
        return undefined;
      };
    },
  };
}

function leftAlone(origin: string, failures: number, openUntil: number, now: number): RetryableError {
  const { host } = new URL(origin);
  const said = `${host} has failed ${failures} times in a row`;
  if (now >= openUntil) return new RetryableError(`${said}: one call finds out whether it is back, no other is made meanwhile`, { where: origin });
  const until = new Date(Math.ceil(openUntil / 1000) * 1000).toISOString();
  return new RetryableError(`${said}: no call is made to it until ${until}`, {
    where: origin,
    hint: 'Try again after that, when the service works again.',
  });
}
