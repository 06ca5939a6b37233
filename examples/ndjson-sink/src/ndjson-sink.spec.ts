import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runJob, type Ack, type Batch, type Sink, type Transform } from '@loadin/pipeline';
import {
  createHostileStream,
  createManualClock,
  createMemoryObjectStore,
  createMemoryStateStore,
  sinkChecks,
  underSeeds,
  withFaults,
  type SinkChecksOptions,
} from '@loadin/testing';
import { inFolder, linesIn, newFolder } from './ndjson-folder.fixture.js';
import { createNdjsonSink } from './ndjson-sink.js';

const options: SinkChecksOptions = { faults: ['error'], ordered: true };

describe('the NDJSON sink', () => {
  it.each(sinkChecks(inFolder(createNdjsonSink), options))('$name', ({ run }) => run());

  it('is about thirty lines: blank ones, comments and imports aside', () => {
    const lines = readFileSync(join(__dirname, 'ndjson-sink.ts'), 'utf8').split('\n');
    expect(lines.filter((line) => !/^\s*($|\/\*\*|import )/.test(line)).length).toBeLessThanOrEqual(35);
  });

  it('has every record once, however often the process ends', async () => {
    await underSeeds({ count: 5 }, async ({ seed, faults }) => {
      const folder = await newFolder();
      const [lake, state, clock] = [createMemoryObjectStore(), createMemoryStateStore(), createManualClock(Date.parse('2024-11-08T02:00:05Z'))];
      const stream = createHostileStream({ seed, pages: 4, largestPage: 30 });
      const transform: Transform = (raw) => {
        const id = stream.key(raw);
        return id === undefined ? { ok: false, reasons: [{ path: 'id', message: 'is missing' }] } : { ok: true, id, record: { id } };
      };
      for (let process = 1, status = ''; status !== 'complete'; process += 1) {
        const fate = faults(process < 20 ? { rates: { crash: 0.05, 'lost-answer': 0.05 } } : {});
        const sinks = [withFaults(createNdjsonSink(folder), fate)];
        const job = { name: 'files', streams: [{ stream: withFaults(stream, fate), transform, sinks, schemaVersion: '1', maxRejected: 1 }] };
        const run = runJob({ job, lake: withFaults(lake, fate), state: withFaults(state, fate), clock, at: '2024-11-08T02:00:00Z' });
        status = await run.then(
          (report) => report.status,
          () => 'crashed',
        );
      }
      expect((await linesIn(folder)).map(({ id }) => id).sort()).toEqual(stream.keys);
    });
  });
});

describe('a sink that acknowledges first and writes later', () => {
  /** Fast, and wrong: what is not yet written is lost with the process, and nobody will send it again. */
  const createHastySink = (folder: string): Sink => {
    const sink = createNdjsonSink(folder);
    const later: (() => Promise<unknown>)[] = [];
    return {
      ...sink,
      async write(batch: Batch, sinkOptions) {
        sinkOptions.signal.throwIfAborted();
        later.push(() => sink.write(batch, sinkOptions));
        return { acks: batch.records.map((): Ack => ({ status: 'delivered' })), objects: [] };
      },
      async close() {
        for (const write of later.splice(0)) await write();
      },
    };
  };

  it('is caught by the kit, which says what is wrong', async () => {
    const failed: Record<string, string> = {};
    for (const { name, run } of sinkChecks(inFolder(createHastySink), options)) await run().catch((error: Error) => (failed[name] = error.message));
    expect(failed['answers for every record, by index, once it is stored']).toMatch(/^ids that are stored: expected \["spotify_0",.*, found \[\]$/);
    expect(Object.keys(failed)).toContain('acknowledges nothing while the target fails, says why, and delivers later');
  });
});
