import type { StateStore } from '@loadin/pipeline';

/** A client's option: parallel runs that are given the same store share one budget of calls. */
export interface SharedQuota {
  /** Where the budget is counted: an item for each window under `quota/{source}/{fingerprint of the account}/`. */
  readonly state: StateStore;
  /**
   * Whether windows of less than an hour (calls a second, calls in 30 s) are shared too, or only the day's. Default: `true`, unless
   * `state.uri` begins with `s3://`, where a slot that changes hands costs a request and takes too long: there `true` is a `FatalError`.
   */
  readonly perSecond?: boolean;
  /**
   * Milliseconds after which the slots of a process that doesn't show itself may be taken over. Default 6,000: a paused process only has
   * to lease anew, a crashed one keeps its slots from the others no longer than that.
   */
  readonly leaseMs?: number;
}

/** What `createRate` needs to count calls together with other processes; a client adds source and account to the user's option. */
export interface QuotaOfAccount extends SharedQuota {
  /** `ticketmaster`: the first part of the key. */
  readonly source: string;
  /**
   * Whose budget it is: the API key or client id that the calls use now, asked before each call (so it should come from a cache, as
   * `CredentialInUse.read` does). It is stored as the beginning of its SHA-256, never itself.
   */
  readonly account: () => Promise<string>;
}
