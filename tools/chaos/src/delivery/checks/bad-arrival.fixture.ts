import type { BadEvidence } from './bad-evidence.fixture.js';
import { second, daily, transformLetters, sinkLetters } from './bad-parts.fixture.js';
import { editAttempt, editState, editStream, forget, overwrite, rewrite } from './edits.fixture.js';
import { keys, landedPages, rawEvent, RUN, type Draft } from './evidence.fixture.js';

const withoutKey = (key: string) => (draft: Draft) => editStream(draft, (one) => (one.partitionKey === key ? [] : [one]));
const relanded = (draft: Draft, records: readonly unknown[], last = true): void => {
  forget(draft, keys.landed(RUN, 1));
  overwrite(draft, keys.landed(RUN, 1), landedPages(daily, 1, records, 0, last), 'a2', 20);
};

/** What was asked for has not arrived, or something else has. */
export const badArrival: readonly BadEvidence[] = [
  {
    check: 'every run is complete in the end',
    what: 'its last attempt failed',
    change: (draft) => editAttempt(draft, 'a2', { report: undefined }),
    finding: /daily .* its last attempt a2 ended without a report/,
  },
  {
    check: 'every run is complete in the end',
    what: 'it has no plan',
    change: (draft) => forget(draft, `_loadin/plans/daily/${RUN}.json`),
    finding: /it has no plan/,
  },
  {
    check: 'every run is complete in the end',
    what: 'its record says something else',
    change: (draft) => editState(draft, `run/${RUN}`, () => ({ status: 'running' })),
    finding: /noted as running/,
  },
  {
    check: 'nothing is lost',
    what: 'a raw object',
    change: (draft) => forget(draft, second),
    finding: /2 are neither in s3_raw nor dead letters for it: ticketmaster_d, ticketmaster_e/,
  },
  {
    check: 'nothing is lost',
    what: 'a stream record that was landed',
    change: withoutKey('ticketmaster_c'),
    finding: /1 are neither in kinesis .* ticketmaster_c/,
  },
  {
    check: 'nothing is lost',
    what: 'a dead letter',
    change: (draft) => forget(draft, transformLetters),
    finding: /neither in s3_raw .* ticketmaster_m/,
  },
  {
    check: 'what can be delivered is, and what can not is a dead letter',
    what: 'a letter for a good record',
    change: (draft) => rewrite(draft, sinkLetters, (text) => text.replaceAll('_o"', '_a"')),
    finding: /dead letters for kinesis although nothing was wrong with them: ticketmaster_a/,
  },
  {
    check: 'what can be delivered is, and what can not is a dead letter',
    what: 'a broken record is delivered',
    change: (draft) => rewrite(draft, second, (text) => text.replaceAll('_e"', '_m"')),
    finding: /in s3_raw although that was not possible: ticketmaster_m/,
  },
  {
    check: 'nothing arrives that the sources did not have',
    what: 'an id of nowhere',
    change: (draft) => rewrite(draft, second, (text) => text.replaceAll('_e"', '_z"')),
    finding: /in s3_raw, but in no state of the source: ticketmaster_z/,
  },
  {
    check: 'landed pages hold what the sources had, and all of it',
    what: 'a page left out',
    change: (draft) => relanded(draft, [rawEvent('e')]),
    finding: /no landed page has: ticketmaster_d/,
  },
  {
    check: 'landed pages hold what the sources had, and all of it',
    what: 'a group left out',
    change: (draft) => forget(draft, keys.landed(RUN, 0)),
    finding: /slice 0 has the groups 1 and 1 last pages/,
  },
  {
    check: 'landed pages hold what the sources had, and all of it',
    what: 'no last page',
    change: (draft) => relanded(draft, [rawEvent('d'), rawEvent('e')], false),
    finding: /slice 1 has the groups 0 and 0 last/,
  },
];
