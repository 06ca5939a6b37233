import type { Evidence, RunTruth, ServerEvent } from '../../evidence.js';
import { landedGroups, type LandedGroup } from './landing-zone.js';
import { readLetters, type Letter } from './letters.js';
import { planOf, readPlans, type PlannedStream, type StoredPlan } from './plans.js';
import { rawObjects, type RawObject } from './raw-zone.js';
import { readStream, type Streamed } from './stream.js';

/** What the checks read out of the evidence, once for all of them. */
export interface Facts {
  readonly plans: readonly StoredPlan[];
  readonly raw: readonly RawObject[];
  readonly landed: readonly LandedGroup[];
  readonly letters: readonly Letter[];
  readonly streamed: readonly Streamed[];
  readonly events: ReadonlyMap<number, ServerEvent>;
  /** Each stream of each run that has a plan. */
  readonly deliveries: readonly Delivery[];
}

/** What one run did for one stream. */
export interface Delivery {
  /** `daily 2026-03-01T02:00:00Z, ticketmaster.events`: for findings. */
  readonly name: string;
  readonly run: RunTruth;
  readonly plan: StoredPlan;
  readonly stream: PlannedStream;
  readonly raw: readonly RawObject[];
  readonly landed: readonly LandedGroup[];
  readonly letters: readonly Letter[];
  readonly streamed: readonly Streamed[];
}

const known = new WeakMap<Evidence, Facts>();

export function factsOf(evidence: Evidence): Facts {
  const found = known.get(evidence);
  if (found !== undefined) return found;
  const all = { plans: readPlans(evidence), raw: rawObjects(evidence), landed: landedGroups(evidence) };
  const { letters } = readLetters(evidence);
  const { streamed } = readStream(evidence);
  const deliveries = evidence.runs.flatMap((run): Delivery[] => {
    const plan = planOf(all.plans, run);
    if (plan === undefined) return [];
    return plan.streams.map((stream) => {
      const { source, dataType, id } = stream;
      const ours = (one: { readonly runId: string; readonly source: string; readonly dataType: string }): boolean =>
        one.runId === plan.runId && one.source === source && one.dataType === dataType;
      return {
        ...{ name: `${run.job} ${run.scheduledTime}, ${id}`, run, plan, stream },
        raw: all.raw.filter(ours),
        landed: all.landed.filter(ours),
        letters: letters.filter((letter) => letter.runId === plan.runId && letter.stream === id),
        streamed: streamed.filter((one) => ours({ ...one, source: one.record.partitionKey.split('_')[0] ?? '' })),
      };
    });
  });
  const facts = { ...all, letters, streamed, deliveries, events: new Map(evidence.events.map((event) => [event.number, event])) };
  known.set(evidence, facts);
  return facts;
}

/** The first few, so that a line stays readable. */
export const some = (items: Iterable<unknown>): string => {
  const all = [...items].map(String);
  return all.length <= 5 ? all.join(', ') : `${all.slice(0, 5).join(', ')} and ${all.length - 5} more`;
};
