import { gzipSync } from 'node:zlib';
import type { BadEvidence } from './bad-evidence.fixture.js';
import { editAttempt, editState, editStream, editEvent, forget, overwrite, rewrite, eventsOf } from './edits.fixture.js';
import { keys, landedPages, NEXT, rawBody, rawEvent, RUN, streamRecord, type Draft } from './evidence.fixture.js';

const [first, second] = [keys.raw('020000', 0), keys.raw('020000', 1)];
const daily = { id: RUN, job: 'daily', time: '2026-03-01T02:00:00Z' };
const transformLetters = keys.letters(RUN, 'transform-000000-0a');
const sinkLetters = keys.letters(RUN, 'kinesis-000000-0b');
const withoutKey = (key: string) => (draft: Draft) => editStream(draft, (one) => (one.partitionKey === key ? [] : [one]));
const editReport = (change: (text: string) => string) => (draft: Draft) => rewrite(draft, keys.report('daily', RUN), change);
const relanded = (draft: Draft, records: readonly unknown[], last = true): void => {
  forget(draft, keys.landed(RUN, 1));
  overwrite(draft, keys.landed(RUN, 1), landedPages(daily, 1, records, 0, last), 'a2', 20);
};

/** What lies in the lake and on the stream is not what should. */
export const badDelivery: readonly BadEvidence[] = [
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
  {
    check: 'every report balances',
    what: 'what was read',
    change: editReport((text) => text.replace('"read":8', '"read":9')),
    finding: /read 9 is not 6 \+ 1 \+ 1/,
  },
  {
    check: 'every report balances',
    what: 'what a sink has',
    change: editReport((text) => text.replace('"delivered":5', '"delivered":4')),
    finding: /accepted 6 is not 4 \+ 1 \+ 0 of kinesis/,
  },
  {
    check: 'the report of a run counts what is there',
    what: 'of the last attempt alone',
    change: editReport((text) => text.replace('"read":8', '"read":2').replace('"pages":3', '"pages":1')),
    finding: /the report has 1 pages; there are 3/,
  },
  {
    check: 'the report of a run counts what is there',
    what: 'fewer records',
    change: editReport((text) => text.replace('"delivered":6', '"delivered":5')),
    finding: /5 delivered to s3_raw; there are 6/,
  },
  {
    check: 'the report of a run counts what is there',
    what: 'there is none',
    change: (draft) => forget(draft, keys.report('daily', RUN)),
    finding: /its run has no report of it/,
  },
  {
    check: 'the report of a run names every object, with its size and checksum, and no other',
    what: 'one is missing',
    change: editReport((text) => text.replace(/,\{"uri":"[^"]+_00100[^}]+\}/, '')),
    finding: /the report does not name raw\/.*_00100/,
  },
  {
    check: 'the report of a run names every object, with its size and checksum, and no other',
    what: 'another checksum',
    change: (draft) => rewrite(draft, second, (text) => text.replaceAll('Show e', 'Show E')),
    finding: /and the report says/,
  },
  {
    check: 'the report of a run names every object, with its size and checksum, and no other',
    what: 'one that is not there',
    change: (draft) => forget(draft, second),
    finding: /_00100.json is not there/,
  },
  {
    check: 'every stream record is that of the lake, under its id and with its hash',
    what: 'another record',
    change: (draft) => restream(draft, 'd', streamRecord('d', RUN, daily.time, 'Other')[1]),
    finding: /ticketmaster_d is another record than in the lake/,
  },
  {
    check: 'every stream record is that of the lake, under its id and with its hash',
    what: 'another hash',
    change: (draft) => restream(draft, 'd', streamRecord('d', RUN, daily.time)[1].replace(/"record_hash":"../, '"record_hash":"zz')),
    finding: /ticketmaster_d has the hash zz/,
  },
  {
    check: 'every stream record is that of the lake, under its id and with its hash',
    what: 'another key',
    change: (draft) => editStream(draft, (one) => [one.partitionKey === 'ticketmaster_d' ? { ...one, partitionKey: 'ticketmaster_q' } : one]),
    finding: /ticketmaster_q has the id ticketmaster_d/,
  },
  {
    check: 'every stream record is that of the lake, under its id and with its hash',
    what: 'of no run',
    change: (draft) => restream(draft, 'd', streamRecord('d', 'nobody', daily.time)[1]),
    finding: /1 records are of no planned stream/,
  },
  {
    check: 'what is on the stream more than once is the same each time',
    what: 'another hash',
    change: (draft) =>
      editStream(draft, (one) => [
        one.partitionKey === 'ticketmaster_a' && one.attempt === 'a2'
          ? { ...one, data: Buffer.from(streamRecord('a', RUN, daily.time, 'Other')[1]) }
          : one,
      ]),
    finding: /not the same each time: ticketmaster_a/,
  },
  {
    check: 'no secret is in anything that was written or printed',
    what: 'in a landed page',
    change: (draft) => relandedAs(draft, gzipSync('{"asked":"canary%2Fkey%2B1"}\n')),
    finding: /a secret is in landing/,
  },
  {
    check: 'no secret is in anything that was written or printed',
    what: 'in a lease',
    change: (draft) => editState(draft, `run/${RUN}`, () => ({ by: 'canary/key+1' })),
    finding: /a secret is in state item run/,
  },
  {
    check: 'no secret is in anything that was written or printed',
    what: 'on the screen',
    change: (draft) => editAttempt(draft, 'a2', { exit: { status: 0, signal: undefined, stdout: '', stderr: 'Basic Y2FuYXJ5L2tleSsx' } }),
    finding: /the output of a2/,
  },
];

function restream(draft: Draft, id: string, data: string): void {
  editStream(draft, (one) => [one.partitionKey === `ticketmaster_${id}` ? { ...one, data: Buffer.from(data) } : one]);
}

function relandedAs(draft: Draft, body: Buffer): void {
  forget(draft, keys.landed(RUN, 1));
  overwrite(draft, keys.landed(RUN, 1), body, 'a2', eventsOf(draft, 'a2', 'page landed')[0]?.number);
}
