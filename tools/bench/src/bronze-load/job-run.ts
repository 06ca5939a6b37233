/** What a run of a job with one stream says of itself. */
export interface JobRun {
  readonly status: string;
  readonly problems: readonly string[];
  readonly read: number;
  readonly delivered: number;
  /** Rows that came again as they were delivered before. */
  readonly unchanged: number;
  readonly seconds: number;
  /** Resident at most. */
  readonly rssMB: number;
  /** The most within each million of rows. */
  readonly residentMB: readonly number[];
}
