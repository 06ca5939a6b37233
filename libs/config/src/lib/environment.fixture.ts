import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEnvironment, type Environment } from './environment.js';

/** A new folder, with a `.env` of the given text if there is one; removed after the test file. */
export function folderWith(envFile?: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'loadin config '));
  folders.push(folder);
  if (envFile !== undefined) writeFileSync(join(folder, '.env'), envFile);
  return folder;
}

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** An environment of these values alone. */
export const environmentOf = (env: Record<string, string>): Environment => loadEnvironment({ cwd: folderWith(), env });

export const COMPLETE = {
  API_SPOTIFY_CLIENT_ID: 'canary-client-id',
  API_SPOTIFY_CLIENT_SECRET: 'canary-client-secret',
  API_TICKETMASTER_API_KEY: 'canary-api-key',
  AWS_REGION: 'eu-west-1',
  AWS_S3_BUCKET_RAW: 'concert-data-raw',
  AWS_S3_BUCKET_PROCESSED: 'concert-data-processed',
};
