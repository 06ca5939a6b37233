import type { Mutant } from './mutant.js';
import { asleep, heldUp, killed, sameSecond, sourcesDown, twoCopies, undisturbed } from './scenarios.js';

/** Plan, leases, checkpoint, report. */
export const ofRuns: readonly Mutant[] = [
  {
    name: 'plan not conditional',
    what: 'a planner that comes late stores its plan over the one by which others work',
    file: 'libs/pipeline/src/plan/plan.ts',
    replace: [[`const { created } = await lake.putIfAbsent(key,`, `const created = true; await lake.put(key,`]],
    caughtBy: 'an object that was written once never changes and never goes',
    scenario: heldUp('plan stored'),
  },
  {
    name: 'second shared',
    what: 'a run takes its scheduled second, although another run of the source and data type has it',
    file: 'libs/pipeline/src/plan/plan.ts',
    replace: [[`if (holder === runId) return second;`, `if (holder !== undefined) return second;`]],
    caughtBy: 'a second of a source and data type is one run’s alone',
    scenario: sameSecond,
  },
  {
    name: 'lease ignored',
    what: 'who finds a slice held takes it at once',
    file: 'libs/pipeline/src/leases/hold.ts',
    replace: [[`if (lease !== undefined && !isFree(lease)) {`, `if (lease === null) {`]],
    caughtBy: 'a lease is taken over only when its owner was silent for its length',
    scenario: twoCopies,
  },
  {
    name: 'fencing ignored',
    what: 'who has lost a slice saves its progress all the same, over that of the new holder',
    file: 'libs/pipeline/src/leases/lease-writer.ts',
    replace: [
      [
        `    if (stored === undefined || by === undefined || !isSameHold(by, lease)) throw lose(by);
    [own, lease, revision] = [ownValueOf(stored.value), by, stored.revision];`,
        `    revision = stored?.revision ?? (null as never);`,
      ],
    ],
    caughtBy: 'who was fenced writes nothing more',
    scenario: asleep('records put'),
  },
  {
    name: 'lease kept',
    what: 'who has finished a run does not give the job back',
    file: 'libs/pipeline/src/phases/finish-run.ts',
    replace: [[`if (isTaken(held)) await held.release();`, ``]],
    caughtBy: 'a process that ended by itself leaves no lease behind',
    scenario: undisturbed,
  },
  {
    name: 'checkpoint moved too early',
    what: 'the checkpoint of a stream moves although not all of its slices are done',
    file: 'libs/pipeline/src/phases/finish-streams.ts',
    replace: [[`const complete = ends.every(({ finished }) => finished);`, `const complete = ends.length >= 0;`]],
    caughtBy: 'a checkpoint is never ahead of the data',
    scenario: sourcesDown,
  },
  {
    name: 'complete before its report',
    what: 'a run is noted as complete before its report is stored',
    file: 'libs/pipeline/src/phases/finish-run.ts',
    replace: [
      [
        `      await storeReport(lake, report);\n      await endAttempt(state, found, 'complete');`,
        `      await endAttempt(state, found, 'complete');\n      await storeReport(lake, report);`,
      ],
    ],
    caughtBy: 'a run that is noted as complete has its report by then',
    scenario: undisturbed,
  },
  {
    name: 'report of the last attempt alone',
    what: 'the report counts what its attempt has done, not what the run has',
    file: 'libs/pipeline/src/report/stream-report.ts',
    replace: [
      [
        `const progress = slices.map((slice) => slice.progress);`,
        `const progress = slices.map((slice) => slice.progress).filter(({ began_at }) => began_at !== undefined && Date.parse(began_at) >= facts.since);`,
      ],
    ],
    caughtBy: 'the report of a run counts what is there',
    scenario: killed('progress saved', 'after', 2),
  },
];
