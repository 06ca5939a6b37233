import type { Manager } from '@loadin/infrastructure';

/** What was found where something is wanted. */
export type Finding =
  /** As wanted. `detail` is worth a word on the line. */
  | { readonly state: 'right'; readonly detail?: string }
  /** Not there, or never set: it can be made without changing what somebody decided. `detail` says which part of it. */
  | { readonly state: 'missing'; readonly detail?: string }
  /** Somebody decided otherwise. It is reported, not changed; `hint` says how to get what was wanted. */
  | { readonly state: 'differs'; readonly found: string; readonly wanted: string; readonly hint: string };

/** One thing that is wanted: a bucket, or one of its settings. */
export interface Part {
  /** `versioning`; of a resource itself `s3://concert-data-raw`. */
  readonly name: string;
  /** The pipeline works without it, and some servers don't have it: then it is a warning. Default false. */
  readonly optional?: boolean;
  /** Reads and never writes. */
  look(): Promise<Finding>;
  /** Makes what `look` found missing, and returns when it is usable. */
  make(): Promise<void>;
}

/** Something with settings, which can be looked at only when it is there itself. */
export interface Resource {
  readonly self: Part;
  readonly settings: readonly Part[];
  /** Whose it is, by its tag `ManagedBy`: `loadin-setup`, `cdk`; undefined: nobody said, or this server has no tags. */
  managedBy(): Promise<string | undefined>;
  /** Sets that tag alone. */
  takeOver(manager: Manager): Promise<void>;
}

export const right = (detail?: string): Finding => ({ state: 'right', ...(detail === undefined ? {} : { detail }) });
export const missing: Finding = { state: 'missing' };
export const missingPart = (detail: string): Finding => ({ state: 'missing', detail });
export const differs = (found: string, wanted: string, hint: string): Finding => ({ state: 'differs', found, wanted, hint });
