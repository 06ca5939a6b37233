import type { Evidence, RunTruth } from '../../evidence.js';
import { isFields, parsed, type Fields } from './canonical.js';

/** What a plan says of a stream. */
export interface PlannedStream {
  readonly id: string;
  readonly source: string;
  readonly dataType: string;
  readonly second: string;
  readonly ingestionId: string;
  readonly slices: readonly { readonly ordinal: number; readonly name: string }[];
}

/** A stored plan. */
export interface StoredPlan {
  readonly key: string;
  /** The event that stored it. */
  readonly event: number | undefined;
  readonly runId: string;
  readonly job: string;
  readonly scheduledTime: string;
  readonly streams: readonly PlannedStream[];
}

const KEY = /^_loadin\/plans\/(?<job>[^/]+)\/(?<run>[0-9a-f-]{36})\.json$/;

export function readPlans({ lake }: Evidence): readonly StoredPlan[] {
  return [...lake.values()].flatMap(({ key, body, event }) => {
    const { job, run } = KEY.exec(key)?.groups ?? {};
    const plan = body === undefined ? undefined : parsed(body.toString('utf8'));
    if (job === undefined || run === undefined || plan === undefined) return [];
    const streams = ((plan['streams'] ?? []) as readonly unknown[]).filter(isFields).map(plannedStream);
    return [{ key, event, runId: run, job, scheduledTime: String(plan['scheduled_time']), streams }];
  });
}

function plannedStream(stream: Fields): PlannedStream {
  const slices = ((stream['slices'] ?? []) as readonly unknown[]).filter(isFields);
  return {
    id: String(stream['id']),
    source: String(stream['source']),
    dataType: String(stream['data_type']),
    second: String(stream['second']),
    ingestionId: String(stream['ingestion_id']),
    slices: slices.map(({ ordinal, name }) => ({ ordinal: Number(ordinal), name: String(name) })),
  };
}

export const planOf = (plans: readonly StoredPlan[], { job, scheduledTime }: RunTruth): StoredPlan | undefined =>
  plans.find((plan) => plan.job === job && Date.parse(plan.scheduledTime) === Date.parse(scheduledTime));
