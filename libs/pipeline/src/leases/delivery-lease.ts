/**
 * Held by whoever delivers records of a complete run's stream again: a replay, or a retry of its dead letters. Each of them looks at what the lake has and adds what
 * is missing, so two at once would both add it.
 */
export const deliveryLeaseKey = (runId: string, streamId: string): string => `lease/delivery/${runId}/${streamId}`;
