// A whole run into raw objects and a stream, with a look at memory every so many records. Needs --expose-gc.
// Argument: RunMemorySettings as JSON. Says a MemorySample at every look, and at last how the run ended.
import { runJob } from '@loadin/pipeline';
import { sampleMemory } from '../memory/sample.js';
import { generatedStream, jobOf, jobStreamOf } from './generated.js';
import type { RunMemoryLine, RunMemorySettings } from './run-memory.js';
import { openWorld } from './world.js';

const { url, records, every } = JSON.parse(process.argv[2] ?? '') as RunMemorySettings;
const say = (line: RunMemoryLine): void => console.log(JSON.stringify(line));
const [onPage, inSlice] = [1_000, 50];
const world = await openWorld(url);
const slices = Math.ceil(records / (onPage * inSlice));
let seen = 0;
let pages = 0;
const stream = generatedStream({ name: 'artists', slices, pages: inSlice, records: onPage, onPage: () => void (pages += 1) });
const start = performance.now();
const report = await runJob({
  ...world,
  at: world.nextTime(),
  job: jobOf('memory', [
    {
      ...jobStreamOf(stream, world.sinks),
      onAccepted: () => {
        seen += 1;
        if (seen % every === 0) say({ sample: sampleMemory(pages, seen) });
      },
    },
  ]),
});
world.close();
const { ledger } = report.streams[0] ?? {};
say({
  end: {
    status: report.status,
    seconds: (performance.now() - start) / 1_000,
    delivered: Object.values(ledger?.sinks ?? {}).map(({ delivered }) => delivered),
  },
});
