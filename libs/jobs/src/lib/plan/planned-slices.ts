import { slicesAhead, type JsonObject, type Stream } from '@loadin/pipeline';

export interface SlicesWanted {
  readonly job: string;
  readonly scheduledTime: string;
  readonly fullRefresh: boolean;
  /** Of the job's streams, as they are stored; `undefined`: nothing could be read. */
  readonly checkpoints?: ReadonlyMap<string, JsonObject>;
}

/** What a run would read of a stream now, slice by slice, from the checkpoint on where the stream has a cursor; `notes` in sentences. */
export async function plannedSlices(
  stream: Stream,
  { checkpoints, ...wanted }: SlicesWanted,
): Promise<{ readonly slices: readonly string[]; readonly notes: readonly string[] }> {
  const value = checkpoints?.get(stream.id);
  const state = { uri: 'the state store', get: async () => value && { value, revision: '' } };
  const { slices, notes } = await slicesAhead(stream, { ...wanted, state });
  const isUnknown = checkpoints === undefined && !wanted.fullRefresh && stream.readMode === 'incremental' && stream.cursor !== undefined;
  return {
    slices: slices.map(({ name }) => name),
    notes: [
      ...notes.map(({ message }) => message),
      ...(isUnknown ? [`the checkpoint of ${stream.id} is not known: it is planned from the beginning`] : []),
    ],
  };
}
