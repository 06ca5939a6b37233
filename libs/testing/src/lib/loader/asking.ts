import { silentLogger, type LoadCounts, type Loaded, type Loader, type LoadOptions, type LoadRejection } from '@loadin/pipeline';
import { createMeter } from '@loadin/observability';
import type { LoaderUnderTest } from './loader-under-test.js';

/** Where the letters of a load belong, as the engine says it. */
export const LETTERS = 'dead-letters/kit/rows/slice=00000-load-';

export interface Asked extends LoadOptions {
  readonly meter: ReturnType<typeof createMeter>;
  /** What it has told so far. */
  readonly told: LoadCounts[];
  /** How often it has asked whether it may commit. */
  readonly asked: { times: number };
}

/** What the engine gives a loader, watched. */
export function askedBy({ signal = new AbortController().signal, beforeCommit }: Partial<Pick<LoadOptions, 'signal' | 'beforeCommit'>> = {}): Asked {
  const told: LoadCounts[] = [];
  const asked = { times: 0 };
  return {
    ...{ signal, told, asked, logger: silentLogger, meter: createMeter(), reading: createMeter() },
    async beforeCommit() {
      asked.times += 1;
      await beforeCommit?.();
    },
    onProgress: (counts) => void told.push(counts),
    letters: {
      key: (part) => `${LETTERS}${String(part).padStart(6, '0')}.ndjson`,
      contentType: 'application/x-ndjson',
      line: (rejection: LoadRejection) => `${JSON.stringify(rejection)}\n`,
    },
  };
}

export const ask = ({ load }: Pick<LoaderUnderTest, 'load'>, loader: Loader, options: LoadOptions = askedBy()): Promise<Loaded> =>
  loader.load(load, options);

/** What every attempt has to answer alike. */
export const answerOf = ({ read, deduplicated, rejected, reached, objects, notes }: Loaded) => ({
  ...{ read, deduplicated, rejected, reached: reached ?? null, notes },
  objects: objects.map(({ uri, bytes, records }) => ({ uri, bytes, records })),
});
