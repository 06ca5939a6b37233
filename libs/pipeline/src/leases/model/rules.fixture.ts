import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '../../index.js';
import { checkpointKey } from '../../checkpoint.js';
import { leaseOf, ownValueOf } from '../lease-item.js';
import type { Lease } from '../types.js';
import { BATCHES, JOB_KEY, runs, sliceKey, SLICES, STREAM, type Delivery } from './attempt.fixture.js';
import type { ModelWorld, Written } from './process.fixture.js';

/** What happened in a story. */
export interface Story {
  readonly world: ModelWorld;
  readonly plans: readonly { readonly run: string; readonly plan: string }[];
  readonly deliveries: readonly Delivery[];
}

/** What must never happen, as sentences; none when all is well. It looks at what was written and sent, and of leases only at whose they are. */
export const broken = (story: Story): string[] => [
  ...new Set([...fencing(story), ...progress(story), ...plans(story), ...checkpoints(story), ...deliveries(story)]),
];

const heldKeys = [JOB_KEY, ...runs.flatMap(({ id }) => SLICES.map((slice) => sliceKey(id, slice)))];

/** Who takes an item changes nothing else of it; who has not taken it changes nothing at all. */
function* fencing({ world }: Story): Generator<string> {
  for (const key of heldKeys) {
    let value: JsonObject | undefined;
    for (const written of world.written.filter((one) => one.key === key)) {
      const [before, after] = [leaseOf(value), leaseOf(written.value)];
      if (after === undefined) yield `${written.by} took the lease out of ${key}`;
      else yield* change(written, before, after, isDeepStrictEqual(ownValueOf(value), ownValueOf(written.value)));
      value = written.value;
    }
  }
}

function* change({ by, key }: Written, before: Lease | undefined, after: Lease, sameValue: boolean): Generator<string> {
  if (before?.owner === by) return;
  if (after.owner !== by) yield `${by} gave back ${key}, which ${before?.owner ?? 'nobody'} held`;
  if (!sameValue) yield `${by} changed ${key}, which ${before?.owner ?? 'nobody'} held`;
}

function* progress({ world }: Story): Generator<string> {
  for (const run of runs) {
    for (const slice of SLICES) {
      let batches = 0;
      for (const { by, value } of world.written.filter(({ key }) => key === sliceKey(run.id, slice))) {
        const now = Number(value['batches'] ?? 0);
        if (now < batches) yield `${by} took the progress of slice ${slice} of the ${run.id} run back from ${batches} to ${now}`;
        if (now > batches + 1) yield `${by} left out batches of slice ${slice} of the ${run.id} run`;
        batches = now;
      }
    }
  }
}

function* plans({ world, plans: seen }: Story): Generator<string> {
  for (const [key, { writes }] of world.lake.objects) if (writes > 1) yield `${key} was written ${writes} times`;
  for (const run of runs) {
    const different = new Set(seen.filter((one) => one.run === run.id).map(({ plan }) => plan));
    if (different.size > 1) yield `there were ${different.size} plans of the ${run.id} run`;
  }
}

/** It moves forward only, and to a run only when every slice of that is finished. */
function* checkpoints({ world }: Story): Generator<string> {
  const finished = new Set<string>();
  let last = '';
  for (const { by, key, value } of world.written) {
    if (value['batches'] === BATCHES) finished.add(key);
    if (key !== checkpointKey('daily', STREAM)) continue;
    const at = String(value['last_sync_timestamp']);
    if (at < last) yield `${by} moved the checkpoint back from ${last} to ${at}`;
    const run = runs.find((one) => one.at === at);
    if (run === undefined || SLICES.some((slice) => !finished.has(sliceKey(run.id, slice)))) yield `${by} moved the checkpoint ahead of the data`;
    last = at;
  }
}

/** A batch is sent after those before it were acknowledged, and by nobody twice: who is not the holder any more sends what it was about to, at most. */
function* deliveries({ deliveries: sent }: Story): Generator<string> {
  const seen = new Set<string>();
  for (const { by, run, slice, batch, saved } of sent) {
    if (batch > saved) yield `${by} sent batch ${batch} of slice ${slice} of the ${run} run when ${saved} were acknowledged`;
    if (seen.has(`${by} ${run} ${slice} ${batch}`)) yield `${by} sent batch ${batch} of slice ${slice} of the ${run} run twice`;
    seen.add(`${by} ${run} ${slice} ${batch}`);
  }
}
