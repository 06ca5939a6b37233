import type { Json, JobStream, Page, Sink, Slice, Stream } from '@loadin/pipeline';
import { normalizerFor, SCHEMA_VERSIONS } from '@loadin/transforms';
import type { limitedEvents } from '../pages/event-source.js';

export interface HttpEventsOptions {
  readonly client: ReturnType<typeof limitedEvents.connect>;
  /** The data type; the source is `bench`. */
  readonly name: string;
  readonly slices: number;
  /** Of a slice. */
  readonly pages: number;
}

/** Events of the page server by our client: requests, answers and JSON as of a real source. */
export function httpEvents({ client, name, slices, pages }: HttpEventsOptions): Stream {
  return {
    id: `bench.${name}`,
    source: 'bench',
    dataType: name,
    readMode: 'full',
    plan: () => Array.from({ length: slices }, (_, ordinal): Slice => ({ ordinal, name: `part ${ordinal}`, bounds: {} })),
    key: (raw) => (raw as { readonly id: string }).id,
    async *read(_slice, { signal, meter, logger }): AsyncGenerator<Page> {
      let read = 0;
      for await (const { items, request } of client.pages('events', {}, { signal, meter, logger })) {
        read += 1;
        yield { records: items as readonly Json[], position: read === pages ? null : read, request };
        if (read === pages) return;
      }
    },
  };
}

export const eventsInJob = (stream: Stream, sinks: readonly Sink[]): JobStream => ({
  stream,
  transform: normalizerFor('events'),
  sinks,
  schemaVersion: SCHEMA_VERSIONS.events,
});
