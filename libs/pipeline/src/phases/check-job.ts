import { FatalError } from '@loadin/resilience';
import type { Job } from '../job.js';

/** Throws `FatalError` for a job that no run could keep its promise for. Types refuse most of it; jobs are put together from configuration. */
export function checkJob({ name, streams }: Job): void {
  const loaded = new Set(streams.flatMap(({ loader, stream }) => (loader === undefined ? [] : [stream.id])));
  for (const { stream, loader, sinks = [] } of streams) {
    if (loader !== undefined && sinks.length > 0)
      throw new FatalError(`${stream.id} has the loader ${loader.name} and sinks besides (${sinks.map((sink) => sink.name).join(', ')})`, {
        where: `job ${name}`,
        hint: 'A loader brings slices as a whole, so that no sink sees a record of them. Give the sinks a stream of another job.',
      });
    const landed = (stream.readsAfter ?? []).find((other) => loaded.has(other));
    const after = loader === undefined ? landed : (stream.readsAfter ?? []).find((other) => streams.some((one) => one.stream.id === other));
    if (after !== undefined)
      throw new FatalError(
        `${stream.id} can't read what ${after} lands: ${landed === undefined ? 'a loader is given no pages' : 'a loader lands nothing'}`,
        {
          where: `job ${name}`,
          hint: 'Give the two jobs of their own.',
        },
      );
  }
}
