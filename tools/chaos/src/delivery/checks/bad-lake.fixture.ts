import type { BadEvidence } from './bad-evidence.fixture.js';
import { second, daily } from './bad-parts.fixture.js';
import { editStream, editEvent, overwrite, rewrite } from './edits.fixture.js';
import { keys, NEXT, rawBody, RUN } from './evidence.fixture.js';

const first = keys.raw('020000', 0);

/** Raw objects are not what they should be. */
export const badLake: readonly BadEvidence[] = [
  {
    check: 'no record is in the lake twice for one run',
    what: 'in two objects',
    change: (draft) => rewrite(draft, second, (text) => text.replaceAll('_e"', '_a"')),
    finding: /1 stand there more than once: ticketmaster_a/,
  },
  {
    check: 'nothing lies under raw/ but data objects',
    what: 'another name',
    change: (draft) => overwrite(draft, 'raw/ticketmaster/_SUCCESS', Buffer.from(''), 'a2'),
    finding: /_SUCCESS: no data object has this name/,
  },
  {
    check: 'nothing lies under raw/ but data objects',
    what: 'seen for a moment',
    change: (draft) => draft.listings.push({ from: 1, until: 1, at: 1, objects: [{ key: 'raw/ticketmaster/events/tmp-1', size: 1, etag: '' }] }),
    finding: /tmp-1: no data object/,
  },
  {
    check: 'nothing lies under raw/ but data objects',
    what: 'no envelope',
    change: (draft) => rewrite(draft, second, () => '[1]\n'),
    finding: /it is no JSON object with ingestion_result/,
  },
  {
    check: 'every raw object is what its name says, with the counts of its own records',
    what: 'a wrong count',
    change: (draft) => rewrite(draft, second, (text) => text.replace('"records_successful":2', '"records_successful":3')),
    finding: /records_successful is 3, not 2/,
  },
  {
    check: 'every raw object is what its name says, with the counts of its own records',
    what: 'another slice',
    change: (draft) => rewrite(draft, second, (text) => text.replace('"slice":1', '"slice":2')),
    finding: /slice is 2, not 1/,
  },
  {
    check: 'every raw object is what its name says, with the counts of its own records',
    what: 'white space',
    change: (draft) => rewrite(draft, second, (text) => text.replace('"slice":1', '"slice": 1')),
    finding: /not compact/,
  },
  {
    check: 'every time in the output is the one of the plan',
    what: 'in an envelope',
    change: (draft) => rewrite(draft, second, (text) => text.replace('02:00:00Z', '02:00:07Z')),
    finding: /timestamp is 2026-03-01T02:00:07Z, the plan has/,
  },
  {
    check: 'every time in the output is the one of the plan',
    what: 'in a name',
    change: (draft) => overwrite(draft, keys.raw('020009', 1), rawBody(RUN, 1, daily.time, ['d']), 'a2'),
    finding: /events_20260301_020009_00100.json: the plan has/,
  },
  {
    check: 'every time in the output is the one of the plan',
    what: 'on the stream',
    change: (draft) =>
      editStream(draft, (one) =>
        one.partitionKey === 'ticketmaster_d' ? [{ ...one, data: Buffer.from(one.data.toString().replace('02:00:00Z', '02:00:03Z')) }] : [one],
      ),
    finding: /1 stream records have a time that their plan has not: ticketmaster_d has 2026-03-01T02:00:03Z/,
  },
  {
    check: 'a second of a source and data type is one run’s alone',
    what: 'two plans have it',
    change: (draft) => rewrite(draft, `_loadin/plans/hourly/${NEXT}.json`, (text) => text.replace('02:00:01Z', '02:00:00Z')),
    finding: /ticketmaster events 2026-03-01T02:00:00Z: the runs/,
  },
  {
    check: 'an object that was written once never changes and never goes',
    what: 'other bytes',
    change: (draft) => overwrite(draft, first, Buffer.from('{}\n'), 'a2'),
    finding: /written 2 times, with other bytes \(by a1 at event \d+, a2/,
  },
  {
    check: 'an object that was written once never changes and never goes',
    what: 'the same bytes once more',
    change: (draft) => overwrite(draft, first, draft.lake.get(first)?.body as Buffer, 'a2'),
    finding: /written 2 times, although it stood there/,
  },
  {
    check: 'an object that was written once never changes and never goes',
    what: 'seen to go',
    change: (draft) => draft.listings.push({ from: 99, until: 99, at: 1, objects: [] }),
    finding: /a reader saw it go/,
  },
  {
    check: 'every attempt wants to write the same bytes',
    what: 'one that was refused had others',
    change: (draft) => editEvent(draft, draft.events.find(({ status }) => status === 412)?.number ?? 0, { md5: 'f'.repeat(32) }),
    finding: /a1 and a2 had other bytes for it/,
  },
];
