import type { Client } from 'pg';
import { wireOf } from '../connection/wire.js';
import { createFramer } from './framer.js';
import type { RowBlock } from './types.js';

export interface CopyOutOptions {
  readonly signal: AbortSignal;
  /** Milliseconds without a byte while rows are waited for, after which the connection counts as lost. */
  readonly silenceTimeoutMs: number;
  /** Bytes that may wait here to be taken before the socket is paused; the socket's own buffers come on top. Default 1 MiB: some milliseconds of work. */
  readonly bufferBytes?: number;
  /** Told of each chunk's size. */
  readonly onBytes?: (bytes: number) => void;
}

const READY_FOR_QUERY = 0x5a;
const ERROR_RESPONSE = 0x45;

/**
 * Runs `COPY (…) TO STDOUT` and gives its rows. `pg` has logged in; for the time of the COPY its listener makes room for one that makes no object of a row.
 * The socket is paused while the consumer is busy, so that the server waits. Who stops before the end loses the connection: it is destroyed, as rows are under way.
 * Throws the server's error (with `code` and `severity`), or the socket's.
 */
export async function* copyOut(client: Client, sql: string, options: CopyOutOptions): AsyncGenerator<RowBlock, void, undefined> {
  const wire = wireOf(client);
  const { stream } = wire;
  if (stream.destroyed) throw new Error('The connection was closed');
  const { bufferBytes = 1 << 20, silenceTimeoutMs, signal } = options;
  const waiting: RowBlock[] = [];
  let bytes = 0;
  let failure: Error | undefined;
  let done = false;
  /** Nothing more will come. */
  let over = false;
  let wake: () => void = () => undefined;
  const fail = (error: Error): void => {
    failure ??= error;
    over = true;
    wake();
  };
  const frame = createFramer({
    rows: (block) => {
      waiting.push(block);
      bytes += sizeOf(block);
    },
    message: (type, body) => {
      if (type === ERROR_RESPONSE) failure ??= serverError(body);
      if (type === READY_FOR_QUERY) done = true;
    },
  });
  const onData = (chunk: Buffer): void => {
    try {
      options.onBytes?.(chunk.length);
      frame(chunk);
    } catch (error) {
      stream.destroy();
      fail(error as Error);
    }
    if (bytes >= bufferBytes) stream.pause();
    wake();
  };
  const onClose = (): void => fail(new Error('The connection was closed'));
  const onAbort = (): void => fail(signal.reason as Error);
  const theirs = stream.listeners('data') as ((chunk: Buffer) => void)[];
  stream.removeAllListeners('data').on('data', onData).on('error', fail).on('close', onClose);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    signal.throwIfAborted();
    wire.query(`COPY (${sql}) TO STDOUT`);
    while (true) {
      for (let block = waiting.shift(); block !== undefined; block = waiting.shift()) {
        bytes -= sizeOf(block);
        yield block;
        signal.throwIfAborted();
        if (bytes < bufferBytes / 2 && stream.isPaused()) stream.resume();
      }
      // Rows that arrived before a failure have been given by now. After an error the server says that it is ready, or goes.
      if (failure !== undefined && (done || over)) throw failure;
      if (done) return;
      await nextEvent((resolve) => (wake = resolve), silenceTimeoutMs, fail);
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    stream.off('data', onData).off('error', fail).off('close', onClose);
    for (const listener of theirs) stream.on('data', listener);
    if (!done) stream.destroy();
    else stream.resume();
  }
}

/** Resolves when `subscribe`'s callback is called; calls `fail` when that takes too long. */
async function nextEvent(subscribe: (wake: () => void) => void, timeoutMs: number, fail: (error: Error) => void): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve) => {
    timer = setTimeout(() => fail(new Error(`nothing came for ${timeoutMs / 1000} s`)), timeoutMs);
    subscribe(resolve);
  });
  clearTimeout(timer);
}

const sizeOf = ({ count, starts, ends }: RowBlock): number => (ends[count - 1] ?? 0) - (starts[0] ?? 0);

/** The fields of an error: a letter, its text, a zero byte; for people only what a person has to know (appendix "Error and Notice Message Fields"). */
function serverError(body: Buffer): Error {
  const fields = new Map(
    body
      .toString('utf8')
      .split('\0')
      .filter((field) => field !== '')
      .map((field) => [field[0], field.slice(1)]),
  );
  const error = new Error(fields.get('M') ?? 'no message');
  return Object.assign(error, { code: fields.get('C') ?? '', severity: fields.get('V') ?? fields.get('S') ?? 'ERROR' });
}
