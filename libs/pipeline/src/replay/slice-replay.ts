import { uuidV5 } from '../identity.js';
import type { Plan } from '../plan.js';
import type { Sink, Standing } from '../ports/sink.js';
import type { Slice } from '../ports/stream.js';
import type { SliceReplay } from '../slice-run.js';
import type { SliceSurvey } from './survey.js';

/** How a slice is delivered again by its survey. */
export function sliceReplay(plan: Plan, streamId: string, number: number, slice: Slice, survey: SliceSurvey): SliceReplay {
  const changed = new Set(survey.changed === 'all' ? [] : survey.changed);
  return {
    // Another transform (another fingerprint) cuts other batches: what was acknowledged of those says nothing about these.
    id: uuidV5(`replay/${streamId}/${number}/${slice.ordinal}/${survey.fingerprint}`, plan.run_id),
    changed: ({ hash }) => survey.changed === 'all' || changed.has(hash),
    target: (sink) => {
      const places = survey.standings[sink.name] ?? [];
      return { sink: replacingSink(sink, places), leastParts: places.length };
    },
  };
}

/** Writes each batch over what the survey found in its place. A sink that can't be read back is written to as ever. */
function replacingSink(sink: Sink, places: readonly Standing[]): Sink {
  const { replacing } = sink;
  if (replacing === undefined) return sink;
  return {
    ...sink,
    write: async (batch, options) => replacing.replace(batch, places[batch.part] ?? (await replacing.compare(batch, options)), options),
  };
}
