import type { JsonObject } from '@loadin/pipeline';

/**
 * Where files go. Nothing of what is written may be seen by readers before whoever made the output commits it. At most one object is open at a time, whatever
 * the number of partitions.
 */
export interface Output {
  /** Begins an object. `path` has forward slashes. Throws for one that this output has begun before. */
  open(path: string): Promise<OutputObject>;
  /** Gives up all that was not committed; called when a load fails. */
  abort(): Promise<void>;
}

export interface OutputObject {
  /** In order; the bytes are not changed afterwards. Resolves when more may come. */
  write(bytes: Uint8Array): Promise<void>;
  /** The object is whole, and still unseen. `details` says what is in it, for a commit record. */
  close(details: JsonObject): Promise<ClosedObject>;
}

export interface ClosedObject {
  readonly bytes: number;
  /** As the store has it; of `directoryOutput` the SHA-256 in base64. */
  readonly checksum: string;
}
