import type { Body } from './upload-object.js';

/**
 * The body, up to the moment in which the signal is aborted: then it throws the signal's reason, also while the body has nothing to give. Whoever makes the body may have failed and
 * give nothing any more; who waits for it is not to wait for ever.
 */
export async function* untilAborted(body: Body, signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
  const chunks = Symbol.asyncIterator in body ? body[Symbol.asyncIterator]() : body[Symbol.iterator]();
  let isOver = false;
  try {
    for (;;) {
      const { done, value } = await unlessAborted(() => chunks.next(), signal);
      if (done === true) {
        isOver = true;
        return;
      }
      yield value;
    }
  } finally {
    // One that is waited for ends when it likes: that may be never.
    const ended = isOver ? undefined : Promise.resolve(chunks.return?.());
    if (signal.aborted) ended?.catch(() => undefined);
    else await ended;
  }
}

/** With a listener of its own each time: a promise that is raced against again and again would keep every chunk. */
function unlessAborted<T>(ask: () => T | Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    signal.throwIfAborted();
    signal.addEventListener('abort', onAbort, { once: true });
    const answered = Promise.resolve(ask()).then(resolve, reject);
    void answered.finally(() => signal.removeEventListener('abort', onAbort));
  });
}
