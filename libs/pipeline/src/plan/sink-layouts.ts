import { FatalError } from '@loadin/resilience';
import { RevisionConflictError } from '../errors.js';
import type { StreamOfJob } from '../job.js';
import { mapLimit } from '../map-limit.js';
import type { StateStore } from '../ports/state-store.js';
import type { StreamPlan } from './plan.js';

/** Of each sink or loader that has one its layout, by its name. */
export type SinkLayouts = Readonly<Record<string, string>>;

/** State items written at once. */
const CONCURRENCY = 8;

interface Writer {
  readonly name: string;
  readonly layout?: string;
}

const writersOf = (stream: StreamOfJob): readonly Writer[] => (stream.loader === undefined ? stream.sinks : [stream.loader]);

export const layoutsOf = (stream: StreamOfJob): SinkLayouts =>
  Object.fromEntries(writersOf(stream).flatMap(({ name, layout }) => (layout === undefined ? [] : [[name, layout]])));

/**
 * Every attempt of a run writes the same bytes under the same names: throws `FatalError` for a sink or loader that would not. A sink that has joined the job since the run
 * was planned is bound by the first attempt that has it. Plans of earlier versions name no layouts: nothing is known then. A stream that was begun by a loader is
 * brought by it to its end, and one that was begun without is not taken over by one.
 */
export async function checkLayouts(state: StateStore, runId: string, jobStream: StreamOfJob, { id, layouts, loader }: StreamPlan): Promise<void> {
  if (jobStream.loader?.name !== loader) throw otherLoader(id, jobStream.loader?.name, loader, runId);
  if (layouts === undefined) return;
  await mapLimit(writersOf(jobStream), CONCURRENCY, async ({ name, layout }) => {
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

const otherLoader = (stream: string, now: string | undefined, planned: string | undefined, runId: string): FatalError =>
  new FatalError(`${stream} would be brought ${wayOf(now)}, and this run has begun to bring it ${wayOf(planned)}`, {
    where: `run ${runId}`,
    hint: "Nothing was read. Put the job's sinks back as they were and finish the run, or make a new one (another time; --again for a manual run).",
  });

const wayOf = (loader: string | undefined): string => (loader === undefined ? 'record by record' : `by ${loader}`);

const otherLayout = (name: string, layout: string, bound: string, runId: string): FatalError =>
  new FatalError(`${name} would write ${layout}, and this run has begun with ${bound}: its output would lie there twice`, {
    where: `run ${runId}`,
    hint: `Nothing was read. Put the options of ${name} back as they were and finish the run, or make a new one (another time; --again for a manual run).`,
  });
