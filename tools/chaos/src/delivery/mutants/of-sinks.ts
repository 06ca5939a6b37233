import type { Mutant } from './mutant.js';
import { inWeather, killed, undisturbed } from './scenarios.js';

/** Sinks and what they share. */
export const ofSinks: readonly Mutant[] = [
  {
    name: 'raw object overwritten',
    what: 'raw objects are put without If-None-Match, so that a repeated put takes the place of what stands there',
    file: 'libs/s3-sink/src/lib/put-once.ts',
    replace: [[`new PutObjectCommand({ ...input, IfNoneMatch: '*' })`, `new PutObjectCommand(input)`]],
    caughtBy: 'an object that was written once never changes and never goes',
    scenario: killed('raw object put', 'after'),
  },
  {
    name: 'time of the envelope from the clock',
    what: 'the timestamp of a raw object is when it was written',
    file: 'libs/s3-sink/src/lib/raw-body.ts',
    replace: [['timestamp: batch.second', `timestamp: new Date().toISOString().slice(0, 19) + 'Z'`]],
    caughtBy: 'every time in the output is the one of the plan',
    scenario: undisturbed,
  },
  {
    name: 'object names from the clock',
    what: 'what is written carries the second in which the attempt runs, in its name and inside',
    file: 'libs/pipeline/src/slices/slice-context.ts',
    replace: [[`sliceOrdinal: slice.ordinal, second }`, `sliceOrdinal: slice.ordinal, second: new Date().toISOString().slice(0, 19) + 'Z' }`]],
    caughtBy: 'every time in the output is the one of the plan',
    scenario: undisturbed,
  },
  {
    name: 'whole request repeated',
    what: 'when Kinesis refuses some records of a request, all of them are sent again',
    file: 'libs/kinesis-sink/src/lib/put-records.ts',
    replace: [
      [
        `return { outcomes: outcomesOf(entries), repeated };`,
        `const all = outcomesOf(entries); const refused = all.find(({ status }) => status === 'refused'); return { outcomes: all.map((one) => refused ?? one), repeated };`,
      ],
    ],
    caughtBy: 'a record is repeated on the stream only where that can’t be helped',
    scenario: inWeather({ 'Kinesis partial failure': 0.7 }),
  },
  {
    name: 'refused record counted as sent',
    what: 'a Kinesis request counts as done when it was answered, whatever the answer says of its records',
    file: 'libs/kinesis-sink/src/lib/put-records.ts',
    replace: [[`if (!code) return { status: 'accepted', shardId };`, `if (code !== null) return { status: 'accepted', shardId };`]],
    caughtBy: 'nothing is lost',
    scenario: inWeather({ 'Kinesis partial failure': 0.7 }),
  },
  {
    name: 'next of a key not held back',
    what: 'a record of a key is sent although the one before it is not acknowledged yet',
    file: 'libs/kinesis-sink/src/lib/key-chains.ts',
    replace: [[`if (tail !== undefined && tail.next !== null) {`, `if (tail === null) {`]],
    caughtBy: 'a key is in a request once, and in the next only when that one was answered',
    scenario: inWeather({ 'Kinesis partial failure': 0.7 }),
    driver: 'keys',
  },
  {
    name: 'dead letter dropped',
    what: 'records that can’t be delivered are counted and thrown away',
    file: 'libs/pipeline/src/slices/dead-letters.ts',
    replace: [[`if (letters.length === 0) return;`, `if (letters.length >= 0) return;`]],
    caughtBy: 'nothing is lost',
    scenario: undisturbed,
  },
  {
    name: 'completion not repeated',
    what: 'who finds a commit record takes it for done, although the one who wrote it was killed before it had completed the uploads',
    file: 'libs/s3-sink/src/lib/uploads/pending-uploads.ts',
    replace: [
      [
        `return { state: 'completed', record: found.record, ...(await complete(found.record, callContext(basics, callOptions))) };`,
        `return { state: 'completed', record: found.record, objects: 0, bytes: 0, existed: 0 };`,
      ],
    ],
    caughtBy: 'what was committed is completed',
    scenario: undisturbed,
    driver: 'uploads',
  },
];
