import { HOURS_PER_DAY, KB } from '@loadin/costs';
import type { MeasuredVolumes } from '@loadin/jobs';
import type { CostOptions } from './options.js';

/** What comes in a day, on average; bytes and objects as they are put. */
export interface DailyVolumes {
  /** `measured`: by reports; `given`: by options. */
  readonly basis: 'measured' | 'given';
  readonly runs: number;
  readonly slices: number;
  readonly seconds: number;
  readonly longestSeconds: number;
  readonly landing: Put;
  readonly lake: Put;
  readonly streamRecords: number;
  /** Of one record, data and partition key. */
  readonly recordBytes: number;
  readonly peakRecordsPerSecond: number;
  readonly s3Puts: number;
  readonly s3Gets: number;
  readonly writeUnits: number;
  readonly readUnits: number;
}

export interface Put {
  readonly bytes: number;
  readonly objects: number;
}

/** Hourly, daily, bronze once a day, artists twice and venues once a week. */
export const RUNS_PER_DAY = HOURS_PER_DAY + 2 + 3 / 7;
export const SECONDS_PER_RUN = 60;
/** The busiest second against the average of a day, when nothing is known: runs take minutes of the day. */
export const PEAK_FACTOR = 20;
/** Of a record's bytes: its page is some times as large and is kept compressed, as `loadin plan` reckons. */
const LANDED_SHARE = 0.6;
const RECORDS_PER_OBJECT = 5_000;

export function measuredDaily(found: MeasuredVolumes, { peak }: CostOptions): DailyVolumes {
  const { days, runs, slices, seconds, stream, requests, raw, bronze } = found;
  const daily = ({ objects, bytes }: Put): Put => ({ objects: objects / days, bytes: bytes / days });
  return {
    basis: 'measured',
    runs: runs / days,
    slices: slices / days,
    seconds: seconds / days,
    longestSeconds: found.longest_seconds,
    landing: daily(found.landing),
    lake: daily({ objects: raw.objects + bronze.objects, bytes: raw.bytes + bronze.bytes }),
    streamRecords: stream.records / days,
    recordBytes: stream.records === 0 ? KB : stream.bytes / stream.records,
    peakRecordsPerSecond: peak ?? stream.peak_records_per_second,
    s3Puts: requests.s3_puts / days,
    s3Gets: requests.s3_gets / days,
    writeUnits: requests.write_units / days,
    readUnits: requests.read_units / days,
  };
}

/** Of so many records a day and what is assumed of their runs. */
export function givenDaily(records: number, options: CostOptions): DailyVolumes {
  const { recordSize = KB, runsPerDay = RUNS_PER_DAY, secondsPerRun = SECONDS_PER_RUN } = options;
  const objects = runsPerDay + records / RECORDS_PER_OBJECT;
  const bytes = records * recordSize;
  return {
    basis: 'given',
    runs: runsPerDay,
    slices: objects,
    seconds: runsPerDay * secondsPerRun,
    longestSeconds: secondsPerRun,
    landing: { bytes: bytes * LANDED_SHARE, objects },
    lake: { bytes, objects },
    streamRecords: records,
    recordBytes: recordSize,
    peakRecordsPerSecond: options.peak ?? (records / 86_400) * PEAK_FACTOR,
    s3Puts: objects * 2 + runsPerDay * 4,
    s3Gets: objects * 2 + runsPerDay * 6,
    // Progress after each group, checkpoints, leases, quota.
    writeUnits: objects * 3 + runsPerDay * 12,
    readUnits: objects * 3 + runsPerDay * 12,
  };
}
