import { FatalError, type Clock } from '@loadin/pipeline';
import { createDayGate } from './quota-day-gate.js';
import type { QuotaGate, QuotaListener } from './quota-gate.js';
import { quotaKey } from './quota-key.js';
import { createSlotGate } from './quota-slot-gate.js';
import type { QuotaOfAccount } from './quota-types.js';
import type { Window } from './rolling-window.js';

/** The windows of a source, counted together with other processes. */
export interface Quota {
  /** Asks which account is used now. What it throws ends the call. */
  identify(): Promise<void>;
  /** The windows of that account. */
  gates(): readonly QuotaGate[];
  /** Gives back what is not used. Never rejects: what can't be given back is forfeited, as after a crash. */
  close(): Promise<void>;
}

export interface QuotaOptions {
  readonly quota: QuotaOfAccount;
  readonly windows: readonly Window[];
  readonly clock: Clock;
  readonly listener: QuotaListener;
}

/** Windows from here on are counted in buckets; the slots of shorter ones are leased. */
const longWindowMs = 3_600_000;
const defaultLeaseMs = 6_000;

/** Throws `FatalError` when short windows are to be shared over S3. */
export function createSharedQuota({ quota, windows, clock, listener }: QuotaOptions): Quota {
  const { state, source, account, leaseMs = defaultLeaseMs } = quota;
  const shared = windows.filter(({ windowMs }) => windowMs >= longWindowMs || sharesShortWindows(quota));
  const gatesOf = new Map<string, readonly QuotaGate[]>(); // by account
  let current: readonly QuotaGate[] = [];

  const opened = (inUse: string): readonly QuotaGate[] =>
    shared.map((window) => {
      const item = { state, clock, key: quotaKey({ source, account: inUse, windowMs: window.windowMs }) };
      return window.windowMs >= longWindowMs ? createDayGate(item, window, listener) : createSlotGate(item, window, leaseMs, listener);
    });
  return {
    async identify() {
      const inUse = await account();
      const gates = gatesOf.get(inUse) ?? opened(inUse);
      gatesOf.set(inUse, gates);
      current = gates;
    },
    gates: () => current,
    async close() {
      await Promise.allSettled([...gatesOf.values()].flat().map((gate) => gate.close()));
    },
  };
}

function sharesShortWindows({ state, perSecond }: QuotaOfAccount): boolean {
  const onS3 = state.uri.startsWith('s3://');
  if (onS3 && perSecond === true) {
    throw new FatalError('calls a second can not be shared over a state store on S3: a slot that changes hands costs a request and takes too long', {
      where: state.uri,
      hint: 'Use a DynamoDB state store, or leave perSecond out: the budget of the day is shared over S3 too.',
    });
  }
  return perSecond ?? !onS3;
}
