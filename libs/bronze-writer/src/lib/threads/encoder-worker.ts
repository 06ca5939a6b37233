import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { FatalError, RetryableError, type LoadinError } from '@loadin/resilience';
import { piecesAt, type FileColumn } from '../parquet/row-group.js';
import { columnsIn, type EncodedColumns } from '../row-encoder.js';
import type { TableSchema } from '../schema/table-schema.js';
import type { EncoderSetup, ThreadAnswer, ThreadData, ThreadTask } from './messages.js';
import type { TakenRows } from './taken-rows.js';

/** What has come of a task. */
export interface ThreadResult {
  readonly rows: TakenRows;
  readonly made: EncodedColumns | undefined;
  /** Why there is none. */
  readonly problem: string;
}

/** An encoder in a thread of its own. Answers come in the order of the tasks. */
export interface EncoderWorker {
  /** The rows' memory is the thread's from now on. */
  post(rows: TakenRows, schema: TableSchema, plain: readonly string[]): void;
  /** The next answer, when it is there. Throws when the thread has ended. */
  poll(): ThreadResult | undefined;
  /** Resolves when there may be an answer. */
  wait(): Promise<void>;
  /** Ends the thread. */
  close(): Promise<void>;
}

/** Its objects are short-lived texts: the space that V8 otherwise gives them is 40 MB without a use. */
const LIMITS = { maxYoungGenerationSizeMb: 2 };

const AGAIN = { hint: 'Nothing was published. Run it again.' };

export function startEncoderWorker(setup: EncoderSetup, file = new URL('./encoder-thread.js', import.meta.url)): EncoderWorker {
  const { port1: ours, port2: port } = new MessageChannel();
  const workerData: ThreadData = { setup, port };
  const worker = new Worker(file, { workerData, transferList: [port], name: 'loadin-encoder', resourceLimits: LIMITS });
  let failure: Error | undefined;
  let wake: () => void = () => undefined;
  const fail = (error: Error): void => {
    failure ??= error;
    wake();
  };
  worker.on('error', (cause: unknown) => fail(failed(cause, file)));
  const isOver = Promise.all([
    new Promise((resolve) => worker.once('exit', resolve)).then(() => fail(new RetryableError('The thread that encodes has ended', AGAIN))),
    new Promise((resolve) => ours.once('close', resolve)),
  ]);
  const answers: ThreadAnswer[] = [];
  ours.on('message', (answer: ThreadAnswer) => {
    answers.push(answer);
    wake();
  });
  const next = (): ThreadAnswer | undefined => answers.shift() ?? (receiveMessageOnPort(ours) as { message: ThreadAnswer } | undefined)?.message;
  let last: { readonly schema: TableSchema; readonly columns: readonly FileColumn[] } | undefined;
  const all = setup.format.feed === 'records' ? setup.format.shapes : [];
  let shapes = all.length;
  const posted: (readonly FileColumn[])[] = [];
  return {
    post(rows, schema, plain) {
      const isNew = schema !== last?.schema;
      if (isNew) last = { schema, columns: columnsIn(schema, setup.deletes) };
      posted.push(last?.columns ?? []);
      const task: ThreadTask = { rows, schema: isNew ? schema : undefined, plain, shapes: all.slice(shapes) };
      shapes = all.length;
      ours.postMessage(task, [rows.bytes.buffer]);
    },
    poll() {
      const answer = next();
      if (answer === undefined) {
        if (failure !== undefined) throw failure;
        return undefined;
      }
      const { rows, group, bytes, plain = [], problem = '' } = answer;
      const columns = posted.shift() ?? [];
      return { rows, made: group && bytes && { group: piecesAt(group, bytes), columns, plain }, problem };
    },
    async wait() {
      if (answers.length > 0 || failure !== undefined) return;
      await new Promise<void>((resolve) => (wake = resolve));
    },
    async close() {
      ours.close();
      await worker.terminate();
      await isOver;
    },
  };
}

function failed(cause: unknown, file: URL): LoadinError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const isMissing = ['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND'].includes((cause as NodeJS.ErrnoException | null)?.code ?? '');
  if (isMissing)
    return new FatalError(`The thread that encodes can't be started: ${message}`, {
      where: file.href,
      hint: 'Nothing was published. A program that is bundled has to bring this file (threadFile).',
      cause,
    });
  return new RetryableError(`The thread that encodes failed: ${message}`, { ...AGAIN, cause });
}
