import { runJob, silentLogger, type LastLoad, type LoadedStream, type RunOptions, type RunReport, type StateStore } from '@loadin/pipeline';
import { createPostgresStream } from '@loadin/postgres-source';
import { createManualClock, type ManualClock } from '@loadin/testing';
import { JOB, type Shop } from './bronze.fixture.js';
import { createBronzeLoader } from './create-loader.js';
import { killedAt, type Dying, type Mortal } from './killed.fixture.js';
import type { BronzeContext, BronzeTable } from './types.js';

export interface RunAsked extends Pick<RunOptions, 'fullRefresh' | 'signal' | 'logger' | 'again'> {
  readonly job?: string;
  readonly table?: BronzeTable;
  readonly context?: Partial<Pick<BronzeContext, 'client' | 'state' | 'clock'>>;
}

/** Whole runs over the table of a shop: planned, loaded and finished by the engine, each as a process of its own has it. */
export function openRuns(shop: Shop) {
  const clock: ManualClock = createManualClock(Date.parse('2024-03-05T00:00:00Z'));
  const streamOf = (table: BronzeTable, context: BronzeContext): LoadedStream => {
    const { source, table: name, key, cursor, cursorKind, columns, lookBack, timeZone } = table;
    const stream = createPostgresStream({ ...source, table: name, key, cursor, cursorKind, columns, lookBack, timeZone });
    return { stream: { ...stream, survey: undefined }, loader: createBronzeLoader(table, context), schemaVersion: '1', maxRejected: 1 };
  };
  const run = async (at: string, asked: RunAsked = {}): Promise<RunReport> => {
    const { createS3ObjectStore } = await import('./uploads-parts.js');
    const { job = JOB, table = shop.table, context: more = {}, ...options } = asked;
    const context: BronzeContext = { ...shop.context, clock, ...more };
    const { client, bucket, state } = context;
    const lake = createS3ObjectStore({ client, bucket, clock: context.clock });
    return runJob({ job: { name: job, streams: [streamOf(table, context)] }, lake, state, clock: context.clock, at, ...options });
  };
  return {
    clock,
    run,
    /** A run whose process dies at this call, and is never gone on with. Nothing gets through from there on: neither S3, nor the state store, nor time. */
    async dies(at: string, last: number | string | RegExp, when: Dying, asked: RunAsked = {}): Promise<Mortal> {
      const mortal = killedAt(last, when, { client: shop.context.client, state: shop.context.state });
      // Its waits are over as soon as it is dead: with nothing getting through, it comes to its end.
      await run(at, { ...asked, context: { ...mortal.context, ...asked.context } }).catch(() => undefined);
      return mortal;
    },
    /** What a process does that is about to plan another run. */
    async last(): Promise<LastLoad | undefined> {
      const { loader } = streamOf(shop.table, { ...shop.context, clock });
      return loader.history?.last(
        { job: JOB, stream: 'postgres.orders', dataType: 'orders' },
        { signal: AbortSignal.timeout(60_000), logger: silentLogger },
      );
    },
    checkpoint: (job = JOB) => valueOf(shop.context.state, `checkpoint/${job}/postgres.orders`),
    sets: (job = JOB) => valueOf(shop.context.state, `bronze/${job}/postgres.orders`),
  };
}

const valueOf = async (state: StateStore, key: string) => (await state.get(key))?.value;

export type Runs = ReturnType<typeof openRuns>;
