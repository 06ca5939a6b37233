import type { Lane } from './lane.js';

/** What a sink has done so far, over all batches. */
export interface KinesisSinkStats {
  /** PutRecords calls, without the repetitions of the SDK. */
  readonly requests: number;
  /** Records in them: each as often as it was sent. */
  readonly sent: number;
  readonly accepted: number;
  /** Records that were refused, by the code of the refusal; each as often as it was. */
  readonly refused: Readonly<Record<string, number>>;
  /**
   * Records that were accepted after a request with them had got no answer or an internal error: each can be in the stream more than once, with the
   * same `record_hash`.
   */
  readonly possibleDuplicates: number;
  /** Records that were handed in and are not yet answered for. */
  readonly outstanding: number;
  /** How often the shards were listed. */
  readonly shardLists: number;
  /** The shards that are written to, and which share of its limits each is given now. `id` is `undefined` while the shards are not known. */
  readonly shards: readonly { readonly id: string | undefined; readonly share: number; readonly waiting: number }[];
}

/** The counters behind it. */
export interface Counts {
  requests: number;
  sent: number;
  accepted: number;
  readonly refused: Record<string, number>;
  possibleDuplicates: number;
  outstanding: number;
  shardLists: number;
}

export const newCounts = (): Counts => ({ requests: 0, sent: 0, accepted: 0, refused: {}, possibleDuplicates: 0, outstanding: 0, shardLists: 0 });

export const statsOf = (counts: Counts, lanes: readonly Lane[]): KinesisSinkStats => ({
  ...counts,
  refused: { ...counts.refused },
  shards: lanes.map(({ shardId: id, pacer: { share }, queue }) => ({ id, share, waiting: queue.size })),
});
