import { readSettings, type Environment } from '@loadin/config';
import {
  discardLetters,
  findLetter,
  findLetters,
  retryLetters,
  type LetterSelection,
  type OpenLetter,
  type RetryReport,
  type Sink,
} from '@loadin/pipeline';
import { normalizerFor } from '@loadin/transforms';
import { loadJobsFile } from '../load-jobs-file.js';
import { isSink, sinkKind } from '../sinks.js';
import { recordTypeOf } from '../stream-facts.js';
import { lakeWith } from './both-lakes.js';
import { idOfRecord } from './verify.js';
import { withStores } from './with-stores.js';

export interface LettersOptions {
  readonly environment: Environment;
  readonly selection: LetterSelection;
}

export interface ListLettersOptions extends LettersOptions {
  /** Called letter by letter; `false` ends the list. */
  readonly onLetter: (letter: OpenLetter) => boolean;
}

/** The letters that wait, in the order of their objects. */
export const listDeadLetters = ({ environment, selection, onLetter }: ListLettersOptions): Promise<void> =>
  withStores(environment, async (stores) => {
    for await (const letter of findLetters(stores, selection)) if (!onLetter(letter)) return;
  });

/** One letter, whatever has become of it, and where it lies. Throws `FatalError` when there is none of that id. */
export const showDeadLetter = (environment: Environment, id: string): Promise<OpenLetter & { readonly uri: string }> =>
  withStores(environment, async ({ lakes, ...stores }) => {
    const letter = await findLetter(stores, id);
    return { ...letter, uri: `${(await lakeWith(lakes, letter.key)).uri}/${letter.key}` };
  });

export interface RetryLettersOptions extends LettersOptions {
  readonly signal?: AbortSignal;
}

/** Sends letters to the sinks that have not acknowledged them; those of transforms are made anew by the transforms of this version. */
export const retryDeadLetters = ({ environment, selection, signal }: RetryLettersOptions): Promise<RetryReport> =>
  withStores(environment, async ({ settings, aws, ...stores }) => {
    const { rawKey } = await import('@loadin/s3-sink');
    const { sinkOptions } = await loadJobsFile(readSettings(environment, []), aws);
    const sinks = new Map<string, Promise<Sink>>();
    return retryLetters(stores, selection, {
      transformOf: (id) => {
        const dataType = recordTypeOf(id);
        return dataType && normalizerFor(dataType);
      },
      sinkOf: async (name) => {
        if (!isSink(name)) return undefined; // a job's sink of another time: its letters wait, the others are sent
        const sink = sinks.get(name) ?? sinkKind(name).create(settings, aws, sinkOptions);
        sinks.set(name, sink);
        return sink;
      },
      idOf: idOfRecord,
      rawPrefix: ({ source, data_type: dataType, second }) => rawKey({ source, dataType, second, sliceOrdinal: 0, part: 0 }, ''),
      signal,
      leaseMs: settings.leaseSeconds * 1000,
    });
  });

/** Settles letters without delivering them, and gives how many. `dryRun` counts them only. */
export const discardDeadLetters = ({ environment, selection, dryRun = false }: LettersOptions & { readonly dryRun?: boolean }): Promise<number> =>
  withStores(environment, async (stores) => {
    if (!dryRun) return discardLetters(stores, selection);
    let count = 0;
    for await (const letter of findLetters(stores, selection)) count += letter.id === '' ? 0 : 1;
    return count;
  });
