import { unlessAborted } from './abort.js';
import type { Redactor } from './redact.js';

/**
 * A credential that can change while a client uses it, out of a secret store. A client asks `current` for each call, so an
 * implementation should keep the value for a while.
 */
export interface Credential {
  /** The value to use now. What it throws ends the call. */
  current(): Promise<string>;
  /**
   * The service did not accept this value: gives a newly read one, or the same when there is no newer. Asked once in a call; calls
   * that were refused the same value at the same time share one question. What it throws ends the call.
   */
  refused(value: string): Promise<string>;
}

/** A credential as the transport uses it. Every value that it ever had is known to its redactor. */
export interface CredentialInUse {
  read(signal?: AbortSignal): Promise<string>;
  /** Whether there is another value to use instead of the refused one; `read` gives it from then on. */
  replace(refused: string, signal?: AbortSignal): Promise<boolean>;
}

/** `redactor` is left out for a value that is no secret. */
export function createCredentialInUse(given: string | Credential, redactor?: Redactor): CredentialInUse {
  const source = typeof given === 'string' ? fixed(given) : given;
  /** Refused values that were replaced: a source that still gives one of them is not believed. */
  const replaced = new Set<string>();
  const pending = new Map<string, Promise<string>>();
  let newest: string | undefined;
  const known = (value: string): string => {
    redactor?.add(value);
    const [, key] = /^[A-Za-z-]+ (\S{8,})$/.exec(value) ?? []; // a key given with its scheme, as in `Bearer …`, is echoed without it too
    if (key !== undefined) redactor?.add(key);
    return value;
  };
  if (typeof given === 'string') known(given);

  const reread = (refused: string): Promise<string> => {
    const asked = pending.get(refused) ?? source.refused(refused).finally(() => pending.delete(refused));
    pending.set(refused, asked);
    return asked;
  };
  return {
    async read(signal) {
      const value = known(await unlessAborted(source.current(), signal));
      return newest !== undefined && replaced.has(value) ? newest : value;
    },
    async replace(refused, signal) {
      if (replaced.has(refused)) return true; // while this call was under way, another one learned the new value
      const value = known(await unlessAborted(reread(refused), signal));
      if (value === refused) return false;
      replaced.delete(value);
      replaced.add(refused);
      newest = value;
      return true;
    },
  };
}

/** The same credential, each value checked before it is used: `check` throws for a wrong one, at once for one that does not change. */
export function formed(given: string | Credential, check: (value: string) => void): string | Credential {
  const checked = (value: string): string => {
    check(value);
    return value;
  };
  if (typeof given === 'string') return checked(given);
  return { current: async () => checked(await given.current()), refused: async (value) => checked(await given.refused(value)) };
}

const fixed = (value: string): Credential => ({ current: () => Promise.resolve(value), refused: () => Promise.resolve(value) });
