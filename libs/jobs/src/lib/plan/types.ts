/** At least, as far as can be told, and at most (`null`: nobody can say). */
export interface Range {
  readonly least: number;
  readonly expected: number;
  readonly most: number | null;
}

/** What a run of a job will need, worked out before anything is spent; `loadin plan --json` prints it. */
export interface JobPlan {
  readonly plan_version: 1;
  readonly job: string;
  readonly jobs_file: string;
  /** Of the run that is planned, ISO 8601 UTC. */
  readonly scheduled_time: string;
  /** Incremental streams are read from the beginning. */
  readonly full_refresh: boolean;
  readonly schedule: string | null;
  /** Of an average month; `null` for a job on request. */
  readonly runs_per_month: number | null;
  readonly sources: readonly SourceNeed[];
  readonly streams: readonly StreamNeed[];
  /** Seconds that the sources' rates take; sources are read side by side. */
  readonly seconds: Range;
  readonly bytes: Bytes;
  readonly cost: Cost;
  /** What is promised of the horizon, in sentences. */
  readonly coverage: readonly string[];
  /** What could not be found out, and what has to be known of the jobs file. */
  readonly notes: readonly string[];
}

export interface SourceNeed {
  readonly source: string;
  readonly calls: Range;
  readonly calls_per_second: number;
  /** `null`: the source publishes none. */
  readonly calls_allowed_per_day: number | null;
  /** Shares of the day's quota that one run needs; `null` without a quota. */
  readonly share_of_run: Range | null;
  /** The same of an average day of the schedule; `null` without a quota or a schedule. */
  readonly share_of_day: Range | null;
  /** Expected, of all scheduled jobs of the file together; `null` without a quota. */
  readonly share_of_day_of_all_jobs: number | null;
  readonly seconds: Range;
}

export interface StreamNeed {
  readonly stream: string;
  readonly source: string;
  readonly slices: readonly string[];
  readonly calls: Range;
  readonly records: Range;
  readonly bytes: Bytes;
  /** What the expected numbers rest on. */
  readonly basis: string;
  /** Of the last complete run of this job; `null`: none is known. */
  readonly last: LastRun | null;
  /** Of a stream with a refresh. */
  readonly refresh: RefreshPlan | null;
}

export interface LastRun {
  readonly run_id: string;
  readonly scheduled_time: string;
  /** Pages that the source gave: with Ticketmaster a call each, with Spotify at least one. */
  readonly pages: number;
  /** Calls to the source; missing when they are not known of all attempts. */
  readonly calls?: number;
  readonly records: number;
  readonly bytes_read: number;
  readonly duration_ms: number;
  /** Of bronze: its files, and their bytes. */
  readonly objects?: number;
  readonly bytes_written?: number;
}

/** Both ends inclusive, `YYYY-MM-DDTHH:mm:ssZ`. */
export interface Window {
  readonly from: string;
  readonly to: string;
}

export interface RefreshPlan {
  /** Parts of the horizon that this run reads; undated events besides. */
  readonly windows: readonly Window[];
  /** Parts that it leaves for later runs. */
  readonly skipped: readonly Window[];
  /** How much of the horizon it reads: 1 is all. */
  readonly share: number;
  /** When everything that it leaves will have been read, if no run is left out; `null`: it leaves nothing. */
  readonly read_by: string | null;
  /** Days (`YYYY-MM-DD`) that are read because something changed there lately. */
  readonly changed_days: readonly string[];
  readonly coverage_hours: number;
  readonly every_hours: number;
}

export interface Bytes {
  /** Pages as received, compressed. */
  readonly landing: number;
  readonly raw: number;
  /** Zero when no sink is the stream. */
  readonly stream: number;
  /** Parquet files, as many as the last run wrote; zero where that is not known. */
  readonly bronze: number;
}

export interface Cost {
  readonly currency: 'USD';
  readonly region: string;
  /** The day of the price table, `YYYY-MM-DD`. */
  readonly prices_of: string;
  readonly items: readonly CostItem[];
  readonly per_run: number;
  /** `null` for a job on request. */
  readonly per_month: number | null;
}

export interface CostItem {
  readonly service: string;
  readonly what: string;
  /** Of a run; of a month for what costs whether it is used or not. */
  readonly quantity: number;
  readonly per_run: number;
  readonly per_month: number | null;
}
