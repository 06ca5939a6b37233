import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RetryableError, type Sink } from '@loadin/pipeline';

/** One file a batch, one record a line, below `folder`. The same batch is the same file with the same bytes, whoever writes it and however often. */
export function createNdjsonSink(folder: string): Sink {
  return {
    name: 'ndjson',
    limits: { maxRecords: 10_000, maxBytes: 64_000_000 },
    async write({ source, dataType, runId, sliceOrdinal, part, records }, { signal, meter }) {
      signal.throwIfAborted();
      const path = join(folder, source, dataType, runId, `${sliceOrdinal}-${part}.ndjson`);
      const text = records.map(({ json }) => `${json}\n`).join('');
      await writeWhole(path, text).catch((cause: Error) => {
        throw new RetryableError(`The file can't be written: ${cause.message}`, { where: path, cause });
      });
      const bytes = Buffer.byteLength(text);
      meter.add('requests', 1);
      meter.add('bytes_written', bytes);
      return {
        acks: records.map(() => ({ status: 'delivered' })),
        objects: [{ uri: `file://${path}`, bytes, records: records.length, existed: false }],
      };
    },
  };
}

/** Whole under its name, or not there: what a process leaves that ends half-way has a name of another kind. */
async function writeWhole(path: string, text: string): Promise<void> {
  const unfinished = `${path}.${randomUUID()}.unfinished`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(unfinished, text, { flush: true }); // on the disk, not on its way there
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
  }
  const names = await open(dirname(path));
  await names.sync().finally(() => names.close()); // its name too
}
