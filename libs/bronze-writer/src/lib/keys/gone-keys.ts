/** Keys that the source has no more: an item among blocks or records, for which a load with `deletes` writes tombstones. */
export interface GoneKeys {
  /** The key's columns. */
  readonly key: readonly string[];
  /** Of each, the columns' values as the source printed them. */
  readonly gone: readonly (readonly (string | null)[])[];
  /** 16 bytes a key: in hexadecimal digits the tombstones' `_record_hash`. */
  readonly digests: Uint8Array;
}
