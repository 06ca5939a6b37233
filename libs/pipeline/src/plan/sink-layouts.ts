import { FatalError } from '@loadin/resilience';
import { RevisionConflictError } from '../errors.js';
import type { JobStream } from '../job.js';
import { mapLimit } from '../map-limit.js';
import type { Sink } from '../ports/sink.js';
import type { StateStore } from '../ports/state-store.js';
import type { StreamPlan } from './plan.js';

/** Of each sink that has one its layout, by the sink's name. */
export type SinkLayouts = Readonly<Record<string, string>>;

/** State items written at once. */
const CONCURRENCY = 8;

export const layoutsOf = ({ sinks }: JobStream): SinkLayouts =>
  Object.fromEntries(sinks.flatMap(({ name, layout }) => (layout === undefined ? [] : [[name, layout]])));

/**
 * Every attempt of a run writes the same bytes under the same names: throws `FatalError` for a sink that would not. One that has joined the job since the run was
 * planned is bound by the first attempt that has it. Plans of earlier versions name no layouts: nothing is known then.
 */
export async function checkLayouts(state: StateStore, runId: string, jobStream: JobStream, { id, layouts }: StreamPlan): Promise<void> {
  if (layouts === undefined) return;
  await mapLimit(jobStream.sinks, CONCURRENCY, async ({ name, layout }: Sink) => {
    if (layout === undefined) return;
    const bound = layouts[name] ?? (await bindLayout(state, `layout/${runId}/${id}/${name}`, layout));
    if (bound !== layout) throw otherLayout(name, layout, bound, runId);
  });
}

/** The first one counts. */
async function bindLayout(state: StateStore, key: string, layout: string): Promise<string> {
  const known = async (): Promise<string | undefined> => (await state.get(key))?.value['layout'] as string | undefined;
  const there = await known();
  if (there !== undefined) return there;
  try {
    await state.put(key, { layout }, null);
    return layout;
  } catch (error) {
    if (!(error instanceof RevisionConflictError)) throw error;
    return (await known()) ?? layout;
  }
}

const otherLayout = (name: string, layout: string, bound: string, runId: string): FatalError =>
  new FatalError(`${name} would write ${layout}, and this run has begun with ${bound}: its output would lie there twice`, {
    where: `run ${runId}`,
    hint: `Nothing was read. Put the options of ${name} back as they were and finish the run, or make a new one (another time; --again for a manual run).`,
  });
