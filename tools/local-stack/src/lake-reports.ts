import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import type { RunReport } from '@loadin/pipeline';

/** The stored reports of a job's complete runs, oldest first. */
export async function readReports(s3: S3Client, bucket: string, job: string): Promise<RunReport[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: `_loadin/reports/${job}/` }));
  const reports: RunReport[] = [];
  for (const { Key } of Contents) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    reports.push(JSON.parse((await Body?.transformToString()) ?? 'null') as RunReport);
  }
  return reports
    .filter((report) => report.status === 'complete')
    .sort((a, b) => a.scheduled_time.localeCompare(b.scheduled_time) || a.started_at.localeCompare(b.started_at));
}

/** `s3://bucket/raw/…/events_20241108_020000_00101.json` → the key without part and extension, which all objects of that run share. */
export function rawStem(uri: string): string {
  const key = uri.replace(/^s3:\/\/[^/]+\//, '');
  return key.replace(/(_\d{8}_\d{6})(_\d{5})?\.json(\.gz)?$/, '$1');
}
