import type { Moment } from '../../delivery/scenario.js';
import type { Day, LoadScenario, LoadTrouble } from '../scenario.js';
import type { LoadMutant } from './load-mutant.js';

const scenario = (days: readonly Day[], rest: Partial<LoadScenario> = {}): LoadScenario => ({
  ...{ seed: 1, store: 'dynamodb', rows: 400, large: false, dates: 2, overlap: false, only: 'orders', days },
  ...rest,
});
const day = (trouble?: LoadTrouble, rest: Partial<Day> = {}): Day => ({
  change: 'changes',
  rounds: trouble === undefined ? [] : [{ trouble, weather: {}, changes: false }],
  abandoned: false,
  ...rest,
});
const first = day(undefined, { change: 'nothing' });
const at = (step: Moment['step'], when: Moment['when'], nth = 1): LoadTrouble => ({ kind: 'kill at a step', at: { step, when, nth } });
const undisturbed = scenario([first, day()]);
/** The second run has committed and is never gone on with. */
const leftUnfinished = (step: Moment['step'], when: Moment['when']): LoadScenario => scenario([first, day(at(step, when), { abandoned: true })]);

/** What is promised of entities that are loaded. */
export const loadMutants: readonly LoadMutant[] = [
  {
    name: 'commit of another run ignored',
    what: 'a run goes on from what was known before another one that has committed and was killed',
    file: 'libs/jobs/src/lib/bronze/load-history.ts',
    replace: [[`if (other === undefined || other === own) return { item };`, `if (other !== null) return { item };`]],
    finds: 'rows came again although they had not changed',
    loads: leftUnfinished('load noted as done', 'after'),
  },
  {
    name: 'commit of another run not completed',
    what: 'the sets of a run count that has committed and was killed, and what it has committed is never seen',
    file: 'libs/jobs/src/lib/bronze/load-history.ts',
    replace: [[`if (record !== undefined) await uploads.recover(of, options);`, ``]],
    finds: 'no later run has completed it',
    loads: leftUnfinished('load committed', 'after'),
  },
  {
    name: 'checkpoint of another run left',
    what: 'the sets of a run that was killed before its checkpoint count, and its checkpoint does not move',
    file: 'libs/pipeline/src/loads/earlier-load.ts',
    replace: [[`if (runId === null || open === undefined) return [];`, `if (runId !== '') return [];`]],
    finds: 'was planned from',
    loads: leftUnfinished('checkpoint moved', 'before'),
  },
  {
    name: 'checkpoint before the commit',
    what: 'the checkpoint moves as soon as everything is read',
    file: 'libs/jobs/src/lib/bronze/load-anew.ts',
    replace: [
      [
        `    await chain.announce();`,
        `    const place = 'checkpoint/' + load.job + '/' + load.stream;
    const moved = { last_sync_timestamp: written.reached?.[0] ?? null, cursor: written.reached?.[0] ?? null, record_count: 0, updated_at: load.second, run_id: load.runId };
    await context.state.put(place, moved, (await context.state.get(place))?.revision ?? null);
    await chain.announce();`,
      ],
    ],
    finds: 'has moved before all of',
    loads: undisturbed,
  },
  {
    name: 'checkpoint before it can be seen',
    what: 'a load counts as soon as its commit record lies there, and is completed later',
    file: 'libs/jobs/src/lib/bronze/create-loader.ts',
    replace: [[`    await uploads.complete(record, options);`, `    setTimeout(() => void uploads.complete(record, options), 700);`]],
    finds: 'has moved before all of',
    loads: undisturbed,
  },
  {
    name: 'look-back delivered again',
    what: 'rows that are read again, because they lie within the look-back, are delivered again',
    file: 'libs/jobs/src/lib/bronze/set-plan.ts',
    replace: [[`hasCursor ? (everything ? null : (base?.recent ?? null)) :`, `hasCursor ? null :`]],
    finds: 'rows came again although they had not changed',
    loads: undisturbed,
  },
  {
    name: 'uploads aborted after the commit',
    what: 'an attempt gives its uploads up, although its commit record lies there',
    file: 'libs/s3-sink/src/lib/uploads/upload-attempt.ts',
    replace: [[`if (!won) await abortAll();`, `await abortAll();`]],
    finds: 'is not complete after',
    loads: scenario([first]),
  },
  {
    name: 'uploads left behind',
    what: 'what a killed attempt has uploaded stays pending when another attempt has committed',
    file: 'libs/jobs/src/lib/bronze/abort-leftovers.ts',
    replace: [[`for (const leftovers of places) await`, `for (const leftovers of places.slice(0, 0)) await`]],
    finds: 'is pending, and',
    loads: scenario([day(at('part sent', 'after', 2), { change: 'nothing' })]),
  },
  {
    name: 'checksums not compared',
    what: 'an object of the recorded size counts as the one that was committed',
    file: 'libs/s3-sink/src/lib/uploads/complete-objects.ts',
    replace: [[`return head.ChecksumSHA256 === checksum ?`, `return head.ChecksumSHA256 !== '' || checksum === '' ?`]],
    finds: 'is not what it has written',
    loads: scenario([first, day({ kind: 'replaced file' }, { abandoned: true })]),
  },
  {
    name: 'sets before the commit',
    what: 'the keys of a load count as the last ones before it is committed',
    file: 'libs/jobs/src/lib/bronze/load-anew.ts',
    replace: [
      [
        `    await chain.announce();`,
        `    await chain.announce();
    await (await import('./last-sets.js')).settleSets(context.state, load, details.sets, true);`,
      ],
    ],
    finds: 'items, the latest state of each key',
    loads: scenario([first, day(at('load committed', 'before'), { change: 'shrinks' })], { only: 'items' }),
  },
  {
    name: 'open transactions passed',
    what: 'rows are read up to now, although an older transaction has not ended',
    file: 'libs/postgres-source/src/read/upper-bound.ts',
    replace: [[`SELECT least(own, open, prepared) AS below,`, `SELECT own AS below,`]],
    finds: 'the latest state of each key before the last load: 1 rows are missing',
    loads: scenario([first], { overlap: true }),
  },
  {
    name: 'two runs commit',
    what: 'a run goes on without another one that was about to commit, and that one can commit all the same',
    file: 'libs/jobs/src/lib/bronze/set-chain.ts',
    replace: [[`if (other !== undefined && dead === undefined) await outrun(other, options);`, `void outrun; void dead;`]],
    finds: 'rows came again although they had not changed',
    loads: scenario([first, day({ kind: 'run overtaken', at: { step: 'load committed', when: 'before', nth: 1 } }, { abandoned: true })]),
  },
  {
    name: 'veto passed over',
    what: 'a run that another one has gone on without puts its commit record in place of the veto',
    file: 'libs/s3-sink/src/lib/uploads/commit-store.ts',
    replace: [
      [
        `if (found?.veto !== undefined) throw vetoed(found.veto, uriOf(of, context));`,
        `void vetoed;
      if (found?.veto !== undefined && (await put(of, encode(record), found.etag, context))) return record;`,
      ],
    ],
    finds: 'rows came again although they had not changed',
    loads: scenario([first, day({ kind: 'run overtaken', at: { step: 'load committed', when: 'before', nth: 1 } }, { abandoned: true })]),
  },
  {
    name: 'keys of changes not kept',
    what: 'only loads that read everything keep keys: rows that came and went since the last of them are never found gone',
    file: 'libs/jobs/src/lib/bronze/set-plan.ts',
    replace: [[`keepsKeys(entity) ? 'more' : 'none',`, `'none',`]],
    finds: 'orders, the latest state of each key',
    loads: scenario([first, day(undefined, { change: 'grows' }), day(undefined, { change: 'shrinks' })]),
  },
  {
    name: 'keys of the last load alone',
    what: 'rows that are gone are looked for among the keys of the load before',
    file: 'libs/jobs/src/lib/bronze/set-plan.ts',
    replace: [
      [`earlier: hardDeletes && everything ? (base?.keys ?? []) : [],`, `earlier: hardDeletes && everything ? (base?.keys ?? []).slice(-1) : [],`],
    ],
    finds: 'orders, the latest state of each key',
    loads: scenario([first, day(undefined, { change: 'shrinks' })]),
  },
];
