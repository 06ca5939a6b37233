import type { BadEvidence } from './bad-evidence.fixture.js';
import { editAttempt, editEvent, editState, editStream, eventsOf, moveObject, overwrite } from './edits.fixture.js';
import { keys, lease, RUN, sinks, type Draft } from './evidence.fixture.js';

const progress = keys.progress(RUN, 0);
const repeated = 'a record is repeated on the stream only where that can’t be helped';
const sentBy = (draft: Draft, attempt: string, index = 0): number => eventsOf(draft, attempt, 'records put')[index]?.number ?? 0;
const bronze = 'data/bronze/customers/ingestion_date=2026-03-01/load_type=full/part-00000-i.parquet';
const commit = (draft: Draft, event: number): void =>
  overwrite(
    draft,
    '_loadin/commits/bronze/r/customers.json',
    Buffer.from(JSON.stringify({ version: 1, objects: [{ key: bronze, bytes: 3 }] })),
    'a2',
    event,
  );
/** A later state of the item, of an attempt and at an event of its own. */
const addState = (draft: Draft, key: string, attempt: string, event: number, value: object): void => {
  draft.state.push({ key, attempt, event, value: value as never });
  draft.state.sort((one, other) => one.event - other.event);
};

/** Things were done in an order that lets something be lost or doubled. */
export const badOrder: readonly BadEvidence[] = [
  {
    check: 'nothing is landed, written or sent before the plan is stored',
    what: 'a page',
    change: (draft) => moveObject(draft, keys.landed(RUN, 0), 1),
    finding: /before the plan \(event \d\): landing/,
  },
  {
    check: 'nothing is landed, written or sent before the plan is stored',
    what: 'a record',
    change: (draft) => editStream(draft, (one) => [{ ...one, event: one.attempt === 'a1' ? 2 : one.event }]),
    finding: /ticketmaster_a on the stream \(2\)/,
  },
  {
    check: 'nothing is delivered before its pages are landed',
    what: 'a raw object comes first',
    change: (draft) => moveObject(draft, keys.landed(RUN, 0, 1), draft.events.length),
    finding: /events_20260301_020000.json has records that no page had that was landed by then: ticketmaster_o, ticketmaster_c/,
  },
  {
    check: 'no part is visible before its commit record',
    what: 'there is none',
    change: (draft) => overwrite(draft, bronze, Buffer.from('PAR'), 'a2'),
    finding: /before any commit record/,
  },
  {
    check: 'no part is visible before its commit record',
    what: 'it comes later',
    change: (draft) => {
      overwrite(draft, bronze, Buffer.from('PAR'), 'a2', 5);
      commit(draft, 6);
    },
    finding: /before its commit record/,
  },
  {
    check: 'no part is visible before its commit record',
    what: 'a reader saw it',
    change: (draft) => {
      commit(draft, 6);
      overwrite(draft, bronze, Buffer.from('PAR'), 'a2', 7);
      draft.listings.push({ from: 4, until: 5, at: 1, objects: [{ key: bronze, size: 3, etag: '' }] });
    },
    finding: /a reader saw it before its commit record/,
  },
  {
    check: 'what was committed is completed',
    what: 'it is not',
    change: (draft) => commit(draft, 6),
    finding: /has committed it with 3 bytes, and it is not there/,
  },
  {
    check: 'progress is never ahead of what was acknowledged',
    what: 'a raw object that is not there yet',
    change: (draft) =>
      addState(draft, keys.progress(RUN, 1), 'a2', eventsOf(draft, 'a2', 'page landed')[0]?.number ?? 0, {
        ...sinks(2, 0),
        ...lease('h/2/a2', 1, 2),
      }),
    finding: /says that s3_raw has 2 records; it had 0/,
  },
  {
    check: 'progress is never ahead of what was acknowledged',
    what: 'records that are not sent yet',
    change: (draft) => addState(draft, keys.progress(RUN, 1), 'a2', sentBy(draft, 'a2', 2), { ...sinks(2, 2), ...lease('h/2/a2', 1, 2) }),
    finding: /says that kinesis has 2 records; it had 1/,
  },
  {
    check: 'progress is never ahead of what was acknowledged',
    what: 'finished without a sink',
    change: (draft) => editState(draft, keys.progress(RUN, 1), (value) => ({ ...value, sinks: { s3_raw: { delivered: 2, parts: 1 } } })),
    finding: /says that it is finished, without a word of kinesis/,
  },
  {
    check: 'progress never goes backward',
    what: 'one that knew less saved later',
    change: (draft) => addState(draft, keys.progress(RUN, 1), 'a1', 900, { ...sinks(2, 0), ...lease('h/1/a1', 1, 1) }),
    finding: /at event 900 \(a1\): kinesis had more before/,
  },
  {
    check: 'a checkpoint is never ahead of the data',
    what: 'a raw object comes later',
    change: (draft) => moveObject(draft, keys.raw('020000', 1), 900),
    finding: /not in the lake yet: raw\/.*_00100/,
  },
  {
    check: 'a checkpoint is never ahead of the data',
    what: 'a record comes later',
    change: (draft) => editStream(draft, (one) => [one.partitionKey === 'ticketmaster_e' ? { ...one, event: 900 } : one]),
    finding: /1 are not on the stream yet: ticketmaster_e/,
  },
  {
    check: 'a checkpoint is never ahead of the data',
    what: 'a slice is open',
    change: (draft) => editState(draft, keys.progress(RUN, 1), () => sinks(2, 2)),
    finding: /slices that are not finished: 1/,
  },
  {
    check: 'a checkpoint never goes backward',
    what: 'an older run comes late',
    change: (draft) => addState(draft, keys.checkpoint('daily'), 'a3', 900, { last_sync_timestamp: '2026-02-28T02:00:00Z', run_id: RUN }),
    finding: /2026-03-01T02:00:00Z became 2026-02-28T02:00:00Z/,
  },
  {
    check: repeated,
    what: 'who sent it first lived, and gave the slice back without a note',
    change: (draft) => {
      editAttempt(draft, 'a1', { killed: undefined });
      addState(draft, progress, 'a1', sentBy(draft, 'a1'), { sinks: {}, ...lease(null, 1, 2) });
    },
    finding: /3 are repeated without need: .*ticketmaster_a: a1 sent it in event \d+, ended without a note of it, and a2 sent it again/,
  },
  {
    check: repeated,
    what: 'it was noted',
    change: (draft) => addState(draft, progress, 'a1', sentBy(draft, 'a1') + 1, { ...sinks(4, 3, 1), ...lease('h/1/a1', 1, 2) }),
    finding: /ticketmaster_a: a1 sent it, event \d+ noted that, and a2 sent it again/,
  },
  {
    check: repeated,
    what: 'a part of it was noted',
    change: (draft) =>
      addState(draft, progress, 'a1', sentBy(draft, 'a1') + 1, {
        sinks: { kinesis: { parts: 0, delivered: 1, dead_lettered: 1, remaining: [1, 3] } },
        ...lease('h/1/a1', 1, 2),
      }),
    finding: /: 1 are repeated without need: ticketmaster_a/,
  },
  {
    check: repeated,
    what: 'by the same process, which had its answer',
    change: (draft) => {
      const from = sentBy(draft, 'a2', 1);
      editStream(draft, (one) => (one.event === from ? [one, { ...one, event: sentBy(draft, 'a2', 2) }] : [one]));
    },
    finding: /ticketmaster_d: a2 sent it in event \d+, was answered, and sent it again/,
  },
  {
    check: 'a key is in a request once, and in the next only when that one was answered',
    what: 'twice in one',
    change: (draft) => editEvent(draft, sentBy(draft, 'a2'), { records: [{ key: 'k' }, { key: 'k' }] }),
    finding: /has keys twice: k/,
  },
  {
    check: 'a key is in a request once, and in the next only when that one was answered',
    what: 'in two at a time',
    change: (draft) => editEvent(draft, sentBy(draft, 'a2', 2), { records: [{ key: 'ticketmaster_d' }], begun: sentBy(draft, 'a2', 1) - 1 }),
    finding: /ticketmaster_d: a2 sent it in event \d+ while event \d+ was not answered yet/,
  },
  {
    check: 'the records of a key keep their order in the stream',
    what: 'those of an earlier run come later',
    change: (draft) => {
      draft.shards = draft.shards.map((shard) => ({ ...shard, records: [...shard.records].reverse() }));
    },
    finding: /hourly .*: before those of daily .*: ticketmaster_a/,
  },
  {
    check: 'the records of a key keep their order in the stream',
    what: 'versions of a key are mixed up',
    change: (draft) => {
      const versions = [2, 1].map((version) => ({
        sequenceNumber: `9${version}`,
        partitionKey: 'k',
        data: Buffer.from(JSON.stringify({ version })),
        event: 1,
        attempt: 'a1',
      }));
      draft.shards.push({ id: 'shardId-002', parents: [], records: versions });
    },
    finding: /1 are out of order: k: version 1 after 2/,
  },
];
