import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createManualClock, createMemoryObjectStore, createMemoryStateStore } from '@loadin/testing';
import { runJob, type Clock, type Job, type LoadedStream, type RunOptions, type RunReport, type SlicedStream, type StreamOfJob } from '../index.js';
import { createFileLoader, type FileLoaderOptions, type Row } from './file-loader.fixture.js';

export const LEASE_MS = 30_000;
export const START = Date.parse('2024-11-09T00:00:00Z');
const folders: string[] = [];

/** To be called after a file's tests. */
export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** A table that grows, and what outlives the processes that load it. */
export function createLoadWorld() {
  const folder = mkdtempSync(join(tmpdir(), 'loadin-loads-'));
  folders.push(folder);
  const [lake, state, clock] = [createMemoryObjectStore(), createMemoryStateStore(), createManualClock(START)];
  const rows: Row[] = [];
  const streamOf = (
    options: Partial<FileLoaderOptions> & { readonly stream?: Partial<SlicedStream>; readonly maxRejected?: number } = {},
  ): LoadedStream => {
    const { stream, maxRejected = 1, ...loader } = options;
    return {
      stream: tableStream(() => rows, stream),
      loader: createFileLoader({ folder, lake, rows: () => rows, ...loader }),
      schemaVersion: '1',
      maxRejected,
    };
  };
  const jobOf = (streams: readonly StreamOfJob[]): Job => ({ name: 'bronze', streams });
  const run = (streams: readonly StreamOfJob[], more: Partial<RunOptions> = {}): Promise<RunReport> =>
    runJob({ job: jobOf(streams), lake, state, clock, at: '2024-11-08T02:00:00Z', ...more });
  const add = (count: number, bad: readonly number[] = []): void => {
    for (let n = 0; n < count; n += 1) {
      const id = rows.length + 1;
      rows.push({ id, text: `row ${id}`, ...(bad.includes(id) && { bad: true }) });
    }
  };
  return { folder, lake, state, clock, rows, streamOf, jobOf, run, add };
}

/** The clock of a process that can be put to sleep as a whole: then time goes on without it, and it renews nothing. */
export function createSleepyClock(clock: Clock) {
  let awake = Promise.resolve();
  let wake = (): void => undefined;
  const asleep = (): void => {
    awake = new Promise((resolve) => (wake = resolve));
  };
  const process: Clock = {
    now: () => clock.now(),
    async sleep(ms, signal, options) {
      await clock.sleep(ms, signal, options);
      await awake;
    },
  };
  return { clock: process, asleep, wake: () => wake() };
}

/** The rows by their numbers; a run reads up to the last one that is there when it is planned. */
export function tableStream(rows: () => readonly Row[], changes: Partial<SlicedStream> = {}): SlicedStream {
  return {
    id: 'postgres.orders',
    source: 'postgres',
    dataType: 'orders',
    readMode: 'incremental',
    cursor: { kinds: ['number'], ordered: true },
    survey: async () => ({ last: String(rows().at(-1)?.id ?? 0) }),
    plan: ({ since, survey }) => [
      {
        ordinal: 0,
        name: 'orders',
        bounds: {},
        interval: { from: since ?? null, to: [typeof survey?.['last'] === 'string' ? survey['last'] : '0'] },
      },
    ],
    ...changes,
  };
}
