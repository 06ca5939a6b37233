import { join } from 'node:path';
import { silentLogger, silentMeter } from '@loadin/pipeline';
import { readmeDifferences } from '@loadin/specs/readme';
import { batchOf, recordsOf } from '@loadin/testing';
import { createNdjsonSink as create } from './index.js';
import { linesIn, newFolder } from './ndjson-folder.fixture.js';

describe('the example of the README', () => {
  it('works as printed', async () => {
    const folder = await newFolder();
    const lines: unknown[][] = [];
    const console = { log: (...values: unknown[]) => void lines.push(values) };
    const createNdjsonSink = (below: string) => create(join(folder, below));

    // example
    const sink = createNdjsonSink('/data/lake');
    const options = { signal: new AbortController().signal, meter: silentMeter, logger: silentLogger };
    const batch = batchOf(recordsOf(3));
    const { acks, objects } = await sink.write(batch, options);
    await sink.write(batch, options); // again, as after a lost answer: it is the same file
    console.log(acks.length, objects[0]?.records, objects[0]?.bytes);
    // end

    expect(lines).toEqual([[3, 3, objects[0]?.bytes]]);
    expect(await linesIn(folder)).toEqual(recordsOf(3).map(({ value }) => value));
  });

  it('is what was just run', () => {
    expect(readmeDifferences(__filename)).toEqual([]);
  });
});
