import { open, readFile, rename, truncate } from 'node:fs/promises';

/**
 * An append-only file of JSON lines: the state of a service is what its entries say, in order.
 * An entry is safe against `kill -9` once `append` has resolved (the operating system has it; a power cut is not covered).
 */
export interface Journal<Entry> {
  append(entry: Entry): Promise<void>;
  /** Replaces the history by the entries that lead to the same state. */
  compact(entries: Iterable<Entry>): Promise<void>;
  close(): Promise<void>;
}

/** Opens or creates the journal and gives the entries it holds; a torn last line (killed while writing) is cut off: it was never acknowledged. */
export async function openJournal<Entry>(path: string): Promise<{ entries: Entry[]; journal: Journal<Entry> }> {
  const entries = await readEntries<Entry>(path);
  let file = await open(path, 'a');
  let pending: { line: string; resolve(): void; reject(error: unknown): void }[] = [];
  let writing: Promise<void> | undefined;

  // Appends that arrive while a write is under way share the next write: one system call for many entries.
  const drain = async (): Promise<void> => {
    while (pending.length > 0) {
      const batch = pending;
      pending = [];
      const { size } = await file.stat();
      try {
        await file.appendFile(batch.map((p) => p.line).join(''));
        batch.forEach((p) => p.resolve());
      } catch (error) {
        // A full disk may leave half a line behind, which would corrupt the entry after it.
        await truncate(path, size).catch((cause: unknown) => batch.forEach((p) => p.reject(cause)));
        batch.forEach((p) => p.reject(error));
      }
    }
    writing = undefined;
  };

  return {
    entries,
    journal: {
      append: (entry) =>
        new Promise((resolve, reject) => {
          pending.push({ line: `${JSON.stringify(entry)}\n`, resolve, reject });
          writing ??= drain();
        }),
      async compact(kept) {
        await writing;
        const next = await open(`${path}.next`, 'w');
        for (const entry of kept) await next.appendFile(`${JSON.stringify(entry)}\n`);
        await next.close();
        await file.close();
        await rename(`${path}.next`, path);
        file = await open(path, 'a');
      },
      async close() {
        await writing;
        await file.close();
      },
    },
  };
}

async function readEntries<Entry>(path: string): Promise<Entry[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const end = text.lastIndexOf('\n') + 1;
  if (end < text.length) await truncate(path, Buffer.byteLength(text.slice(0, end)));
  return text
    .slice(0, end)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Entry);
}
