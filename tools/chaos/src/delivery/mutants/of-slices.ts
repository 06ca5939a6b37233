import type { Mutant } from './mutant.js';
import { heldUp, killed, killedBetweenBatches, sharedRecords, sourceChanged, sourcesDown, undisturbed } from './scenarios.js';

/** Reading, landing and delivering a slice. */
export const ofSlices: readonly Mutant[] = [
  {
    name: 'landed pages overwritten',
    what: 'pages are landed without a condition, so that those of a late attempt take the place of those that were delivered',
    file: 'libs/pipeline/src/landing/landing.ts',
    replace: [
      [
        `of.lake.putIfAbsent(key(group), body, { contentType: 'application/x-ndjson', contentEncoding: 'gzip' }),`,
        `of.lake.put(key(group), body, { contentType: 'application/x-ndjson', contentEncoding: 'gzip' }).then(() => ({ created: true })),`,
      ],
    ],
    caughtBy: 'an object that was written once never changes and never goes',
    scenario: heldUp('page landed'),
  },
  {
    name: 'landing skipped on retry',
    what: 'a later attempt asks the source again, although the pages lie there',
    file: 'libs/pipeline/src/landing/page-groups.ts',
    replace: [
      [
        `for (let pages = await landing.get(index); pages !== undefined; pages = await landing.get(index)) {`,
        `for (let pages: undefined | Page[]; pages !== undefined; ) {`,
      ],
      [`if (!(await landing.put(index, closed.lines))) return { continueAt: index };`, `await landing.put(index, closed.lines);`],
    ],
    caughtBy: 'every attempt wants to write the same bytes',
    scenario: sourceChanged('raw object put'),
  },
  {
    name: 'failed page skipped',
    what: 'a slice whose source fails ends as if there were no more pages',
    file: 'libs/pipeline/src/landing/page-groups.ts',
    replace: [
      [
        `    if (group.pages.length > 0)
      await landing.put(index, group.lines).catch((second: unknown) => {
        throw bothTold(error, second, 'the pages that had been fetched could not be landed');
      });
    throw error;`,
        `    const last = { request: 'failed', position: null, records: [] };
    await landing.put(index, [...group.lines, JSON.stringify(last)]);
    yield { index, pages: [...group.pages, last], fromLanding: false };
    return 'finished';`,
      ],
    ],
    caughtBy: 'landed pages hold what the sources had, and all of it',
    scenario: sourcesDown,
  },
  {
    name: 'seen-set forgotten',
    what: 'a record that several pages of a slice have is delivered each time',
    file: 'libs/pipeline/src/slices/intake.ts',
    replace: [[`if (key !== undefined && accepted.has(key)) return as(DEDUPLICATED);`, ``]],
    caughtBy: 'no record is in the lake twice for one run',
    scenario: sharedRecords,
  },
  {
    name: 'claims ignored',
    what: 'a record that belongs to no slice by itself is delivered by every slice whose searches give it',
    file: 'libs/pipeline/src/slices/intake.ts',
    replace: [[`one.unclaimed === undefined || own.has(one.unclaimed) ? one`, `one.unclaimed !== '' ? one`]],
    caughtBy: 'no record is in the lake twice for one run',
    scenario: sharedRecords,
  },
  {
    name: 'acknowledged before it is sent',
    what: 'a batch counts as delivered when it is handed over, and is written some time later',
    file: 'libs/pipeline/src/slices/sink-writer.ts',
    replace: [
      [
        `const result = await sink.write(batch, options);`,
        `setTimeout(() => void sink.write(batch, options), 1_500);
    const result: WriteResult = { acks: records.map(() => ({ status: 'delivered' as const })), objects: [] };`,
      ],
    ],
    caughtBy: 'progress is never ahead of what was acknowledged',
    scenario: undisturbed,
  },
  {
    name: 'error noted as progress',
    what: 'a batch that a sink did not take counts as done when the attempt ends with the error',
    file: 'libs/pipeline/src/slices/sink-writer.ts',
    replace: [
      [
        `    await beforeBatch();\n`,
        `    await beforeBatch();\n    progress = { ...progress, parts: current + 1, delivered: progress.delivered + records.length, ids };\n`,
      ],
    ],
    caughtBy: 'progress is never ahead of what was acknowledged',
    scenario: killed('records put', 'before'),
  },
  {
    name: 'progress forgotten',
    what: 'a later attempt begins every batch anew, whatever was acknowledged',
    file: 'libs/pipeline/src/slices/sink-writer.ts',
    replace: [[`    if (current < done.parts) {\n      settled += records.length;\n      return;\n    }\n`, ``]],
    caughtBy: 'a record is repeated on the stream only where that can’t be helped',
    scenario: killedBetweenBatches,
  },
];
