import type { BadEvidence } from './bad-evidence.fixture.js';
import { daily, transformLetters, sinkLetters, relandedAs } from './bad-parts.fixture.js';
import { overwrite, rewrite } from './edits.fixture.js';
import { keys, landedPages, rawEvent, RUN } from './evidence.fixture.js';

/** Pages and dead letters are not what they should be. */
export const badLetters: readonly BadEvidence[] = [
  {
    check: 'landed pages and dead letters can be read',
    what: 'no gzip',
    change: (draft) => rewrite(draft, keys.landed(RUN, 1), () => 'x'),
    finding: /pages-000000.ndjson.gz: it can't be decompressed/,
  },
  {
    check: 'landed pages and dead letters can be read',
    what: 'another place',
    change: (draft) => relandedAs(draft, landedPages(daily, 0, [rawEvent('d'), rawEvent('e')])),
    finding: /its header has slice 0, its name 1/,
  },
  {
    check: 'landed pages and dead letters can be read',
    what: 'half a line',
    change: (draft) => rewrite(draft, sinkLetters, (text) => text.slice(0, 40)),
    finding: /its last line has no end/,
  },
  {
    check: 'landed pages and dead letters can be read',
    what: 'a letter without its record',
    change: (draft) => rewrite(draft, sinkLetters, (text) => text.replace(/"record":.*/, '"record":null}')),
    finding: /line 1: it does not say/,
  },
  {
    check: 'every dead letter has its record unaltered',
    what: 'a raw one',
    change: (draft) => rewrite(draft, transformLetters, (text) => text.replace('"name":null', '"name":""')),
    finding: /no landed page has this record/,
  },
  {
    check: 'every dead letter has its record unaltered',
    what: 'a normalized one',
    change: (draft) => rewrite(draft, sinkLetters, (text) => text.replace('Show o', 'Show …')),
    finding: /another record than in the lake/,
  },
  {
    check: 'a dead letter names the sinks that did not get it, and those alone',
    what: 'one that has it',
    change: (draft) => rewrite(draft, sinkLetters, (text) => text.replace('["kinesis"]', '["kinesis","s3_raw"]')),
    finding: /s3_raw has it/,
  },
  {
    check: 'a dead letter names the sinks that did not get it, and those alone',
    what: 'one is missing',
    change: (draft) => rewrite(draft, transformLetters, (text) => text.replace('["s3_raw","kinesis"]', '["kinesis"]')),
    finding: /it names kinesis alone/,
  },
  {
    check: 'a record is a dead letter once for each sink',
    what: 'in two objects',
    change: (draft) => overwrite(draft, keys.letters(RUN, 'kinesis-000000-0c'), draft.lake.get(sinkLetters)?.body as Buffer, 'a2'),
    finding: /1 letters are in several objects/,
  },
];
