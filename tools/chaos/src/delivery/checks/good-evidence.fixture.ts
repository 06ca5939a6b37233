import { createHash } from 'node:crypto';
import type { Attempt } from '../evidence.js';
import {
  attempt,
  createDraft,
  keys,
  landedPages,
  lease,
  NEXT,
  rawBody,
  rawEvent,
  record,
  RUN,
  sinks,
  streamRecord,
  type Draft,
  type Script,
} from './evidence.fixture.js';

const EVENTS = 'ticketmaster.events';
const daily = { id: RUN, job: 'daily', time: '2026-03-01T02:00:00Z', second: '2026-03-01T02:00:00Z', stamp: '020000' };
const hourly = { id: NEXT, job: 'hourly', time: '2026-03-01T02:00:00Z', second: '2026-03-01T02:00:01Z', stamp: '020001' };
type Run = typeof daily;

const json = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value)}\n`);

function plan({ put, save }: Script, who: string, run: Run, slices: number): void {
  save(who, `run/${run.id}`, { status: 'running' }, 'run noted');
  save(who, `claim/ticketmaster/events/${run.second}`, { run_id: run.id }, 'second claimed');
  const streams = [
    {
      id: EVENTS,
      source: 'ticketmaster',
      data_type: 'events',
      ingestion_id: 'i',
      second: run.second,
      slices: Array.from({ length: slices }, (_, ordinal) => ({ ordinal, name: `s${ordinal}` })),
    },
  ];
  put(
    who,
    `_loadin/plans/${run.job}/${run.id}.json`,
    json({ version: 1, run_id: run.id, job: run.job, scheduled_time: run.time, streams }),
    'plan stored',
  );
}

interface Counts {
  readonly pages: number;
  readonly read: number;
  readonly raw: number;
  readonly kinesis: number;
  readonly rejected: number;
  readonly slices: number;
}

export function reportOf(draft: Draft, run: Run, { pages, read, raw, kinesis, rejected, slices }: Counts): Record<string, unknown> {
  const objects = [...draft.lake.values()].flatMap(({ key, body }) => {
    if (!key.includes(`events_20260301_${run.stamp}`) || body === undefined) return [];
    const { records } = JSON.parse(body.toString()) as { records: unknown[] };
    return [
      {
        uri: `s3://lake/${key}`,
        bytes: body.byteLength,
        records: records.length,
        existed: false,
        checksum: createHash('md5').update(body).digest('hex'),
      },
    ];
  });
  const ledger = {
    ...{ pages, read, null_entries: 0, accepted: raw, rejected, deduplicated: read - raw - rejected },
    sinks: { s3_raw: { delivered: raw, dead_lettered: 0, pending: 0 }, kinesis: { delivered: kinesis, dead_lettered: raw - kinesis, pending: 0 } },
  };
  const stream = {
    stream: EVENTS,
    source: 'ticketmaster',
    data_type: 'events',
    status: 'complete',
    ledger,
    slices: { planned: slices, finished: slices },
    objects,
  };
  return {
    report_version: 1,
    run_id: run.id,
    job: run.job,
    scheduled_time: run.time,
    status: 'complete',
    already_complete: false,
    problems: [],
    streams: [stream],
  };
}

function end({ save, put, draft }: Script, who: string, run: Run, counts: Counts): Attempt['report'] {
  save(
    who,
    keys.checkpoint(run.job),
    { last_sync_timestamp: run.time, record_count: counts.kinesis, updated_at: run.time, run_id: run.id },
    'checkpoint moved',
  );
  const report = reportOf(draft, run, counts);
  put(who, keys.report(run.job, run.id), json(report), 'report stored');
  save(who, `run/${run.id}`, { status: 'complete' }, 'run noted');
  return report as unknown as Attempt['report'];
}

/** What is read, landed and put into the lake of the first slice. */
function readFirstSlice({ put, save }: Script, who: string): void {
  save(who, keys.progress(RUN, 0), { sinks: {}, ...lease(`h/1/${who}`, 1, 1) }, 'lease taken');
  put(who, keys.landed(RUN, 0), landedPages(daily, 0, [rawEvent('a'), rawEvent('b'), rawEvent('m', null)], 0, false), 'page landed');
  put(who, keys.landed(RUN, 0, 1), landedPages(daily, 0, [rawEvent('a'), rawEvent('o'), rawEvent('c')], 1), 'page landed');
  const where = { run_id: RUN, stream: EVENTS, slice: 0 };
  const broken = {
    stage: 'transform',
    reason: 'name: missing',
    error_class: 'RejectedRecord',
    sinks: ['s3_raw', 'kinesis'],
    ...where,
    record: rawEvent('m', null),
  };
  put(who, keys.letters(RUN, 'transform-000000-0a'), json(broken), 'dead letters put');
  put(who, keys.raw('020000', 0), rawBody(RUN, 0, daily.second, ['a', 'b', 'o', 'c'], 1), 'raw object put');
  const large = {
    stage: 'sink',
    reason: 'too large',
    error_class: 'RecordTooLarge',
    sinks: ['kinesis'],
    ...where,
    record: JSON.parse(record('o')) as unknown,
  };
  put(who, keys.letters(RUN, 'kinesis-000000-0b'), json(large), 'dead letters put');
}

const finished = { notes: [], groups_from_landing: 0 };
const sent = (run: Run, ...ids: readonly string[]) => ids.map((id) => streamRecord(id, run.id, run.second));

/**
 * Two runs that did all right under fire. `daily`: its first attempt `a1` was killed when it had sent the records of the first slice and noted nothing; the second, `a2`,
 * took the slice when the lease was over, found the raw object there and sent the records again. `hourly`, at the same time, took the next second.
 */
export function goodEvidence(): Draft {
  const script = createDraft();
  const { draft, put, save, send, event, pass, list } = script;
  plan(script, 'a1', daily, 2);
  list();
  readFirstSlice(script, 'a1');
  send('a1', sent(daily, 'a', 'b', 'c'));
  const kill = { step: 'records put', when: 'after', event: draft.events.length } as const;
  list();
  pass(1_500);
  save('a2', `run/${RUN}`, { status: 'running' }, 'run noted');
  save('a2', keys.progress(RUN, 0), { sinks: {}, ...lease('h/2/a2', 2, 2) }, 'lease taken');
  event('a2', {
    service: 's3',
    operation: 'PutObject',
    key: keys.raw('020000', 0),
    md5: draft.lake.get(keys.raw('020000', 0))?.etag.slice(1, -1),
    done: false,
    status: 412,
  });
  send('a2', sent(daily, 'a', 'b', 'c'));
  save('a2', keys.progress(RUN, 0), { ...sinks(4, 3, 1), finished, ...lease('h/2/a2', 2, 3) }, 'progress saved');
  save('a2', keys.progress(RUN, 0), { ...sinks(4, 3, 1), finished, ...lease(null, 2, 4) }, 'lease given back');
  save('a2', keys.progress(RUN, 1), { sinks: {}, ...lease('h/2/a2', 1, 1) }, 'lease taken');
  put('a2', keys.landed(RUN, 1), landedPages(daily, 1, [rawEvent('d'), rawEvent('e')]), 'page landed');
  put('a2', keys.raw('020000', 1), rawBody(RUN, 1, daily.second, ['d', 'e']), 'raw object put');
  send('a2', sent(daily, 'd'));
  send('a2', sent(daily, 'e'));
  save('a2', keys.progress(RUN, 1), { ...sinks(2, 2), finished, ...lease('h/2/a2', 1, 2) }, 'progress saved');
  save('a2', keys.progress(RUN, 1), { ...sinks(2, 2), finished, ...lease(null, 1, 3) }, 'lease given back');
  list();
  const first = end(script, 'a2', daily, { pages: 3, read: 8, raw: 6, kinesis: 5, rejected: 1, slices: 2 });
  pass(10_000);
  plan(script, 'a3', hourly, 1);
  save('a3', keys.progress(NEXT, 0), { sinks: {}, ...lease('h/3/a3', 1, 1) }, 'lease taken');
  put('a3', keys.landed(NEXT, 0), landedPages(hourly, 0, [rawEvent('a'), rawEvent('f')]), 'page landed');
  put('a3', keys.raw('020001', 0), rawBody(NEXT, 0, hourly.second, ['a', 'f']), 'raw object put');
  send('a3', sent(hourly, 'a', 'f'));
  save('a3', keys.progress(NEXT, 0), { ...sinks(2, 2), finished, ...lease('h/3/a3', 1, 2) }, 'progress saved');
  save('a3', keys.progress(NEXT, 0), { ...sinks(2, 2), finished, ...lease(null, 1, 3) }, 'lease given back');
  const second = end(script, 'a3', hourly, { pages: 1, read: 2, raw: 2, kinesis: 2, rejected: 0, slices: 1 });
  list();
  draft.attempts.push(
    attempt('a1', 'daily', daily.time, { killed: kill, exit: { status: undefined, signal: 'SIGKILL', stdout: '', stderr: '' } }),
    attempt('a2', 'daily', daily.time, { report: first, weather: 'calm' }),
    attempt('a3', 'hourly', hourly.time, { report: second, weather: 'calm' }),
  );
  const truth = (...ids: readonly string[]) => ({ [EVENTS]: ids.map((id) => `ticketmaster_${id}`) });
  const shared = { scheduledTime: daily.time, sinks: ['s3_raw', 'kinesis'], streams: [EVENTS] };
  const spoiled = { malformed: ['ticketmaster_m'], oversize: ['ticketmaster_o'] };
  draft.runs.push(
    // c came and e went while the run was under way.
    {
      job: 'daily',
      ...shared,
      spoiled,
      required: truth('a', 'b', 'd', 'm', 'o'),
      versions: [
        { since: 0, ids: truth('a', 'b', 'd', 'e', 'm', 'o') },
        { since: 5, ids: truth('a', 'b', 'c', 'd', 'm', 'o') },
      ],
    },
    { job: 'hourly', ...shared, spoiled: { malformed: [], oversize: [] }, required: truth('a', 'f'), versions: [{ since: 0, ids: truth('a', 'f') }] },
  );
  return draft;
}
