/** Bytes from one who gives them to one who asks for them. */
export interface HandOver {
  /** For the one who asks. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Resolves when the bytes have been used: the next are asked for. Throws what `fail` was told. */
  give(bytes: Uint8Array): Promise<void>;
  /** There are no more. */
  end(): void;
  /** Nobody asks any more. */
  fail(error: unknown): void;
}

interface Waiting {
  readonly bytes: Uint8Array;
  taken(): void;
  refused(error: unknown): void;
}

/** Holds what is given once, so that whoever makes bytes is no quicker than whoever sends them. */
export function createHandOver(): HandOver {
  let waiting: Waiting | undefined;
  let failure: { readonly error: unknown } | undefined;
  let ended = false;
  let wake: () => void = () => undefined;

  async function* body(): AsyncGenerator<Uint8Array> {
    for (;;) {
      if (waiting !== undefined) {
        const { bytes, taken } = waiting;
        yield bytes;
        waiting = undefined;
        taken();
      } else if (ended) return;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  }

  return {
    body: body(),
    give: (bytes) =>
      new Promise<void>((taken, refused) => {
        if (failure !== undefined) return refused(failure.error);
        waiting = { bytes, taken, refused };
        wake();
      }),
    end() {
      ended = true;
      wake();
    },
    fail(error) {
      failure ??= { error };
      waiting?.refused(failure.error);
      waiting = undefined;
    },
  };
}
