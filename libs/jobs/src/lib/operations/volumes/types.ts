/** What runs have used within a window of time, by their stored reports. */
export interface MeasuredVolumes {
  /** ISO 8601 UTC; from the first run of the window, when there is none before it. */
  readonly from: string;
  readonly to: string;
  /** Between them, one at least. */
  readonly days: number;
  readonly jobs: readonly MeasuredJob[];
  readonly runs: number;
  /** Slices that were finished. */
  readonly slices: number;
  /** Of all runs together, and of the longest one. */
  readonly seconds: number;
  readonly longest_seconds: number;
  /** Accepted, of all streams. */
  readonly records: number;
  /** Calls by source, as far as reports say. */
  readonly calls: Readonly<Record<string, number>>;
  readonly landing: Measured;
  readonly raw: Measured;
  readonly bronze: Measured;
  readonly stream: MeasuredStream;
  /** Reckoned from pages, slices and objects: nobody counts them. */
  readonly requests: { readonly s3_puts: number; readonly s3_gets: number; readonly write_units: number; readonly read_units: number };
}

export interface Measured {
  readonly objects: number;
  readonly bytes: number;
}

export interface MeasuredJob {
  readonly job: string;
  readonly runs: number;
  readonly records: number;
  readonly seconds: number;
}

export interface MeasuredStream {
  readonly records: number;
  readonly bytes: number;
  /** Of the busiest stream of a run, on average over its time: within a second it can have been more. */
  readonly peak_records_per_second: number;
}
