/** What became of what one slice (or stream) read. It balances: read = accepted + rejected + deduplicated. */
export interface ReadLedger {
  readonly pages: number;
  readonly read: number;
  readonly accepted: number;
  readonly rejected: number;
  /** An id that this run has had already, or a record that another slice delivers. */
  readonly deduplicated: number;
  /** Nulls that the source sent in the place of records (deleted meanwhile): nothing to read, so not part of the sum. */
  readonly null_entries: number;
}

/** What became of the accepted records at one sink: accepted = delivered + dead_lettered + pending. */
export interface SinkLedger {
  readonly delivered: number;
  readonly dead_lettered: number;
  readonly pending: number;
}

export interface Ledger extends ReadLedger {
  readonly sinks: Readonly<Record<string, SinkLedger>>;
}

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export const emptyReadLedger = (): Mutable<ReadLedger> => ({ pages: 0, read: 0, accepted: 0, rejected: 0, deduplicated: 0, null_entries: 0 });

export function addLedgers(ledgers: readonly Ledger[], sinkNames: readonly string[]): Ledger {
  const sum = emptyReadLedger();
  const sinks: Record<string, Mutable<SinkLedger>> = {};
  for (const name of sinkNames) sinks[name] = { delivered: 0, dead_lettered: 0, pending: 0 };
  for (const ledger of ledgers) {
    for (const key of Object.keys(sum) as (keyof ReadLedger)[]) sum[key] += ledger[key];
    for (const [name, part] of Object.entries(ledger.sinks)) {
      const total = (sinks[name] ??= { delivered: 0, dead_lettered: 0, pending: 0 });
      total.delivered += part.delivered;
      total.dead_lettered += part.dead_lettered;
      total.pending += part.pending;
    }
  }
  return { ...sum, sinks };
}

/** The sentences that say where a ledger does not balance; empty when it does. A finding is a bug in the pipeline or in a sink. */
export function imbalances(ledger: Ledger): string[] {
  const found: string[] = [];
  const { read, accepted, rejected, deduplicated } = ledger;
  if (read !== accepted + rejected + deduplicated)
    found.push(`read ${read} ≠ accepted ${accepted} + rejected ${rejected} + deduplicated ${deduplicated}`);
  for (const [name, { delivered, dead_lettered, pending }] of Object.entries(ledger.sinks)) {
    if (accepted !== delivered + dead_lettered + pending) {
      found.push(`${name}: accepted ${accepted} ≠ delivered ${delivered} + dead-lettered ${dead_lettered} + pending ${pending}`);
    }
  }
  return found;
}
