import { uuidV5 } from '../identity.js';
import type { Plan } from '../plan/plan.js';
import type { Sink, Standing } from '../ports/sink.js';
import type { Slice } from '../ports/stream.js';
import type { SliceReplay } from '../slices/slice-context.js';
import type { HeldItem } from '../leases/types.js';
import type { StreamReplayRecord } from './replay-record.js';
import type { SliceSurvey } from './survey.js';

/** A stream of a run that this process replays. */
export interface ReplayedStreamOf {
  readonly id: string;
  readonly record: StreamReplayRecord;
  /** Its delivery lease. */
  readonly held: HeldItem;
}

/** How a slice is delivered again by its survey, in a turn of the replay of its stream. */
export function sliceReplay(plan: Plan, stream: ReplayedStreamOf, slice: Slice, survey: SliceSurvey): SliceReplay {
  const { id, turn } = stream.record.item;
  const changed = new Set(survey.changed === 'all' ? [] : survey.changed);
  return {
    // Another transform cuts other batches: what was acknowledged of those says nothing about these, and they may lie where these were.
    id: uuidV5(`replay/${stream.id}/${id}/${turn}/${slice.ordinal}/${survey.fingerprint}`, plan.run_id),
    changed: ({ hash }) => survey.changed === 'all' || changed.has(hash),
    target: (sink) => {
      const places = survey.standings[sink.name] ?? [];
      return { sink: guarded(replacingSink(sink, places), stream.held), leastParts: places.length };
    },
  };
}

/** Begins no batch once another copy has taken over: with other transforms it would write over what that one makes, which may be complete by now. */
const guarded = (sink: Sink, held: HeldItem): Sink => ({
  ...sink,
  async write(batch, options) {
    await held.check();
    return sink.write(batch, options);
  },
});

/** Writes each batch over what the survey found in its place. A sink that can't be read back is written to as ever. */
function replacingSink(sink: Sink, places: readonly Standing[]): Sink {
  const { replacing } = sink;
  if (replacing === undefined) return sink;
  return {
    ...sink,
    write: async (batch, options) => replacing.replace(batch, places[batch.part] ?? (await replacing.compare(batch, options)), options),
  };
}
