export type LoadType = 'full' | 'incremental';

/** What a column's values were taken for. `mixed`: records with texts and numbers in one field; `other`: arrays, json, bytes, everything without an order of its own. */
export type ValueKind = 'number' | 'time' | 'date' | 'boolean' | 'text' | 'mixed' | 'other' | 'empty';

/** What the rows of a load are like. The shape of `_loadin/profiles/{entity}/{ingestion id}.json`; grows by addition only. */
export interface Profile {
  readonly format: 'loadin.profile';
  readonly version: 1;
  readonly entity: string;
  readonly job: string;
  readonly run_id: string;
  readonly stream: string;
  readonly ingestion_id: string;
  readonly load_type: LoadType;
  readonly scheduled_time: string;
  readonly rows: number;
  /** Rows that quantiles, lengths' quantiles and shares are taken from: all up to 8,192, then evenly fewer. Everything else is of all rows. */
  readonly sampled_rows: number;
  readonly columns: readonly ColumnProfile[];
  /** Of columns that are expected to be fresh: the newest time of this load, of an incremental one also of those before it; never later than the scheduled time. */
  readonly newest?: Readonly<Record<string, string>>;
  /** Values of records' fields that came after the first 1,000 different fields, if any. */
  readonly values_left_out?: number;
}

export interface ColumnProfile {
  readonly name: string;
  /** The declared type. */
  readonly type?: string;
  readonly kind: ValueKind;
  readonly nulls: number;
  /** Estimated, with a standard error of 1.6 %; exact where there are `shares` and all rows were sampled. */
  readonly distinct: number;
  /** The source's texts; texts shortened to 64 bytes. Without NaN and infinities. Exact. */
  readonly min?: string;
  readonly max?: string;
  /** NaN and infinities, which are in no quantile either. */
  readonly not_finite?: number;
  /** At 0, 5, 10 … 100 %; numbers, or seconds since 1970 of dates and times. Of the sampled rows, if one has a value; the ends are exact. */
  readonly quantiles?: readonly number[];
  /** Of texts and `other`, in bytes of UTF-8: least and greatest of all rows; quantiles at 0, 5 … 100 % of the sampled ones, none if these have no value. */
  readonly length?: { readonly min: number; readonly max: number; readonly quantiles: readonly number[] };
  /** The values with their shares of the values that are not null, the most frequent first: where the sampled rows have at most 24 different ones. Texts by their first 64 bytes. */
  readonly shares?: readonly { readonly value: string; readonly share: number }[];
}
