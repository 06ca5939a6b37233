import type { Page, Stream } from '@loadin/pipeline';
import type { Faults } from './faults.js';

export function streamWithFaults(stream: Stream, faults: Faults): Stream {
  const survey = stream.survey?.bind(stream);
  return {
    id: stream.id,
    source: stream.source,
    dataType: stream.dataType,
    readMode: stream.readMode,
    ...(stream.cursor !== undefined && { cursor: stream.cursor }),
    ...(stream.readsAfter !== undefined && { readsAfter: stream.readsAfter }),
    ...(survey !== undefined && {
      survey: (context, options) =>
        faults.around({ step: 'stream.survey', target: stream.id, signal: options.signal, run: () => survey(context, options) }),
    }),
    plan: (context) => stream.plan(context),
    key: (raw) => stream.key(raw),
    ...(stream.belongs !== undefined && { belongs: stream.belongs.bind(stream) }),
    async *read(slice, options): AsyncGenerator<Page> {
      const pages = stream.read(slice, options)[Symbol.asyncIterator]();
      try {
        for (let page = 0; ; page += 1) {
          const target = `${stream.id}/${slice.ordinal} after ${JSON.stringify(options.after)} +${page}`;
          const next = await faults.around({ step: 'stream.page', target, signal: options.signal, run: () => pages.next() });
          if (next.done === true) return;
          yield next.value;
        }
      } finally {
        await pages.return?.();
      }
    },
  };
}
