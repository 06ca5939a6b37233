import type { StateStore } from '../ports/state-store.js';
import type { Note, Slice, SlicedStream } from '../ports/stream.js';
import { slicesOf } from './plan-slices.js';

export interface SlicesAheadOptions {
  readonly job: string;
  /** ISO 8601 UTC with seconds. */
  readonly scheduledTime: string;
  /** Where the checkpoint lies; it is only read. */
  readonly state: Pick<StateStore, 'uri' | 'get'>;
  /** Default false. */
  readonly fullRefresh?: boolean;
}

/**
 * The slices that a new run would have, before there is one: those of an incremental stream from its checkpoint on. The source is not asked, so one that a run surveys
 * first may be cut otherwise then; a note says so. Throws `FatalError` for a checkpoint that is none.
 */
export async function slicesAhead(stream: SlicedStream, options: SlicesAheadOptions): Promise<{ slices: readonly Slice[]; notes: readonly Note[] }> {
  const { fullRefresh = false, ...planning } = options;
  const { slices, notes } = await slicesOf(stream, { ...planning, fullRefresh, survey: async () => undefined });
  if (stream.survey === undefined) return { slices, notes };
  const message = `${stream.id} is surveyed when a run begins, and may be cut into other slices then`;
  return { slices, notes: [...notes, { kind: 'capability', message }] };
}
