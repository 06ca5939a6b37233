import type { S3Client } from '@aws-sdk/client-s3';
import { toLoadinError } from '@loadin/aws';
import { readSettings, type Environment } from '@loadin/config';
import { systemClock, type Clock, type RunReport } from '@loadin/pipeline';
import { FatalError } from '@loadin/resilience';
import { connect } from '../../connect.js';
import { addQuantities } from '../../plan/quantities.js';
import { volumesOf, type RunVolumes } from './of-report.js';
import type { Measured, MeasuredJob, MeasuredVolumes } from './types.js';

export interface MeasureOptions {
  readonly environment: Environment;
  /** How many days back. Default 30. */
  readonly days?: number;
  readonly clock?: Clock;
}

const DAY_MS = 86_400_000;
/** Reports read at once. */
const CONCURRENCY = 8;
const REPORTS = '_loadin/reports/';

/**
 * What the runs of the last days have used, by the reports and landed pages that lie in the buckets of the settings; `undefined` when there is none. Lists and reads S3, nothing else.
 * Throws `ConfigurationError`, and `FatalError` for a damaged report.
 */
export async function measureVolumes({ environment, days = 30, clock = systemClock }: MeasureOptions): Promise<MeasuredVolumes | undefined> {
  const { raw, bronze } = readSettings(environment, []);
  const buckets = [...new Set([raw, bronze].flatMap((lake) => lake?.bucket ?? []))];
  const to = clock.now();
  const from = to - days * DAY_MS;
  const aws = connect(environment);
  try {
    const client = buckets.length === 0 ? undefined : await aws.s3();
    if (client === undefined) return undefined;
    const runs: RunVolumes[] = [];
    const landing = { objects: 0, bytes: 0 };
    for (const bucket of buckets) {
      for (const report of await reportsOf(client, bucket, from)) {
        const run = volumesOf(report);
        if (run.started >= from && run.started <= to && !report.dry_run) runs.push(run);
      }
      if (bucket === raw?.bucket) await addLanded(client, bucket, { from, to }, landing);
    }
    return runs.length === 0 ? undefined : sumOf(runs, { landing, from, to });
  } finally {
    await aws.close();
  }
}

/** Of runs that ended after `from`: S3 knows when a report came. */
async function reportsOf(client: S3Client, bucket: string, from: number): Promise<readonly RunReport[]> {
  const { createS3ObjectStore } = await import('../../s3-parts.js');
  const lake = createS3ObjectStore({ client, bucket });
  const keys: string[] = [];
  for await (const { key, at } of listed(client, bucket, REPORTS)) if (key.endsWith('.json') && at >= from) keys.push(key);
  const reports: RunReport[] = [];
  for (let first = 0; first < keys.length; first += CONCURRENCY) {
    const some = keys.slice(first, first + CONCURRENCY).map(async (key) => parsed(await lake.get(key), `${lake.uri}/${key}`));
    reports.push(...(await Promise.all(some)).flatMap((report) => report ?? []));
  }
  return reports;
}

/** `undefined`: somebody has removed it since it was listed. */
function parsed(body: Uint8Array | undefined, where: string): RunReport | undefined {
  if (body === undefined) return undefined;
  const hint = 'Bring an earlier version of the object back, if the bucket keeps versions, or remove it.';
  try {
    const report = JSON.parse(Buffer.from(body).toString('utf8')) as RunReport;
    if (Array.isArray(report.streams)) return report;
  } catch (cause) {
    throw new FatalError('A report is damaged: it is no JSON', { where, hint, cause });
  }
  throw new FatalError('A report is damaged: it has no streams', { where, hint });
}

/** Landed pages lie under the day of their run: `landing/{source}/{data type}/date=YYYY-MM-DD/…` */
async function addLanded(
  client: S3Client,
  bucket: string,
  window: { from: number; to: number },
  sum: { objects: number; bytes: number },
): Promise<void> {
  const [first, last] = [window.from, window.to].map((time) => new Date(time).toISOString().slice(0, 10)) as [string, string];
  for await (const { key, size } of listed(client, bucket, 'landing/')) {
    const day = /\/date=(\d{4}-\d{2}-\d{2})\//.exec(key)?.[1];
    if (day === undefined || day < first || day > last) continue;
    sum.objects += 1;
    sum.bytes += size;
  }
}

async function* listed(client: S3Client, bucket: string, prefix: string): AsyncGenerator<{ key: string; size: number; at: number }> {
  const { paginateListObjectsV2 } = await import('../list-sdk.js');
  try {
    for await (const { Contents: page = [] } of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix }))
      for (const { Key: key, Size: size = 0, LastModified: at } of page)
        if (key !== undefined && at !== undefined) yield { key, size, at: at.getTime() };
  } catch (error) {
    throw toLoadinError(error, { service: 'S3', operation: 'ListObjectsV2', resource: `s3://${bucket}/${prefix}` });
  }
}

function sumOf(runs: readonly RunVolumes[], { landing, from, to }: { landing: Measured; from: number; to: number }): MeasuredVolumes {
  const add = (of: (run: RunVolumes) => number): number => runs.reduce((sum, run) => sum + of(run), 0);
  const first = runs.reduce((earliest, { started }) => Math.min(earliest, started), to);
  // Who began a week ago has not used little, but for a short time.
  const begin = Math.max(from, Math.min(first, to - DAY_MS));
  const calls: Record<string, number> = {};
  for (const [source, count] of runs.flatMap((run) => run.calls)) calls[source] = (calls[source] ?? 0) + count;
  const { s3Puts, s3Gets, writeUnits, readUnits } = addQuantities(runs.flatMap(({ quantities }) => quantities));
  return {
    from: new Date(begin).toISOString(),
    to: new Date(to).toISOString(),
    days: (to - begin) / DAY_MS,
    jobs: jobsOf(runs),
    runs: runs.length,
    slices: add(({ slices }) => slices),
    seconds: add(({ seconds }) => seconds),
    longest_seconds: runs.reduce((most, { seconds }) => Math.max(most, seconds), 0),
    records: add(({ records }) => records),
    calls,
    landing,
    raw: { objects: add(({ raw }) => raw.objects), bytes: add(({ raw }) => raw.bytes) },
    bronze: { objects: add(({ bronze }) => bronze.objects), bytes: add(({ bronze }) => bronze.bytes) },
    stream: {
      records: add(({ stream }) => stream.records),
      bytes: add(({ stream }) => stream.bytes),
      peak_records_per_second: runs.reduce((most, { stream }) => Math.max(most, stream.perSecond), 0),
    },
    requests: { s3_puts: s3Puts, s3_gets: s3Gets, write_units: writeUnits, read_units: readUnits },
  };
}

function jobsOf(runs: readonly RunVolumes[]): MeasuredJob[] {
  const names = [...new Set(runs.map(({ job }) => job))].sort();
  return names.map((job) => {
    const own = runs.filter((run) => run.job === job);
    return {
      job,
      runs: own.length,
      records: own.reduce((sum, { records }) => sum + records, 0),
      seconds: own.reduce((sum, { seconds }) => sum + seconds, 0),
    };
  });
}
