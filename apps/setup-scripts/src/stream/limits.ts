/** What AWS allows; each is checked before a call is made where that can be known. Pages of the API reference. */
export const LIMITS = {
  /** UpdateShardCount: "more than ten times per rolling 24-hour period per stream"; to double and half at most in one call. */
  scalingsPerDay: 10,
  /** Increase- and DecreaseStreamRetentionPeriod. */
  leastRetentionHours: 24,
  mostRetentionHours: 8_760,
  /** UpdateStreamMode: "twice within 24 hours". */
  modeSwitchesPerDay: 2,
  /** RegisterStreamConsumer: "up to 20 consumers per data stream" (50 with On-demand Advantage). */
  consumers: 20,
  /** GetRecords, per shard: shared by all that read without fan-out. */
  readsPerShardSecond: 5,
} as const;
