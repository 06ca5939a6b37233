import { createReadStream } from 'node:fs';
import { open, rename, stat, truncate } from 'node:fs/promises';
import { append } from './disk-space.js';

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

interface Pending {
  line: string;
  resolve(): void;
  reject(error: unknown): void;
}

/** Opens or creates the journal and gives the entries it holds; a torn last line (killed while writing) is cut off: it was never acknowledged. */
export async function openJournal<Entry>(path: string): Promise<{ entries: Entry[]; journal: Journal<Entry> }> {
  const entries = await readEntries<Entry>(path);
  let file = await open(path, 'a');
  let { size } = await file.stat();
  let torn = false;
  let pending: Pending[] = [];
  let writing: Promise<void> | undefined;

  // A full disk may leave half a line behind, which would corrupt the entry after it: nothing is written before it is cut off.
  const write = async (text: string): Promise<void> => {
    if (torn) await truncate(path, size);
    torn = true;
    try {
      await append(file, path, text);
    } catch (error) {
      await truncate(path, size);
      torn = false;
      throw error;
    }
    torn = false;
    size += Buffer.byteLength(text);
  };

  // Appends that arrive while a write is under way share the next write: one system call for many entries.
  const drain = async (): Promise<void> => {
    while (pending.length > 0) {
      const batch = pending;
      pending = [];
      await write(batch.map((p) => p.line).join('')).then(
        () => batch.forEach((p) => p.resolve()),
        (error: unknown) => batch.forEach((p) => p.reject(error)),
      );
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
        await writeAll(`${path}.next`, kept);
        await file.close();
        await rename(`${path}.next`, path);
        file = await open(path, 'a');
        ({ size } = await file.stat());
      },
      async close() {
        await writing;
        await file.close();
      },
    },
  };
}

async function writeAll(path: string, entries: Iterable<unknown>): Promise<void> {
  const file = await open(path, 'w');
  try {
    let text = '';
    for (const entry of entries) {
      text += `${JSON.stringify(entry)}\n`;
      if (text.length < 1 << 20) continue;
      await file.appendFile(text);
      text = '';
    }
    await file.appendFile(text);
  } finally {
    await file.close();
  }
}

/** Reads by chunks: a journal may be longer than the longest string. */
async function readEntries<Entry>(path: string): Promise<Entry[]> {
  const known = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (known === undefined) return [];
  const entries: Entry[] = [];
  let rest: Buffer = Buffer.alloc(0);
  let read = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    read += chunk.length;
    const end = chunk.lastIndexOf(10) + 1;
    if (end === 0) {
      rest = Buffer.concat([rest, chunk]);
      continue;
    }
    const lines = Buffer.concat([rest, chunk.subarray(0, end)]).toString('utf8');
    rest = Buffer.from(chunk.subarray(end));
    for (const line of lines.split('\n')) if (line !== '') entries.push(parseLine<Entry>(line, path, entries.length + 1));
  }
  if (rest.length > 0) await truncate(path, read - rest.length);
  return entries;
}

function parseLine<Entry>(line: string, path: string, number: number): Entry {
  try {
    return JSON.parse(line) as Entry;
  } catch {
    throw new Error(`${path}: line ${number} is not JSON; the file was changed by something else. Remove the data directory to start empty.`);
  }
}
