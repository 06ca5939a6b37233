import { gzipSync } from 'node:zlib';
import type { BadEvidence } from './bad-evidence.fixture.js';
import { second, daily, relandedAs } from './bad-parts.fixture.js';
import { editAttempt, editState, editStream, forget, rewrite } from './edits.fixture.js';
import { keys, RUN, streamRecord, type Draft } from './evidence.fixture.js';

const editReport = (change: (text: string) => string) => (draft: Draft) => rewrite(draft, keys.report('daily', RUN), change);

/** Reports and the stream do not say what lies in the lake, or somebody says a secret. */
export const badAccount: readonly BadEvidence[] = [
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
