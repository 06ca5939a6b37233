import { FatalError } from '@loadin/resilience';
import type { DeadLetter } from '../../slices/dead-letters.js';
import type { ObjectStore } from '../../ports/object-store.js';

/** Where all dead letters lie. */
export const DEAD_LETTERS = 'dead-letters/';

/** A letter and where it lies. */
export interface StoredLetter {
  /** The key of its object. */
  readonly key: string;
  /** Its line in the object, from 0. */
  readonly line: number;
  readonly letter: DeadLetter;
}

export interface LettersOfRun {
  readonly source: string;
  readonly data_type: string;
  readonly second: string;
  readonly run_id: string;
}

/** The objects with the letters that a stream of a run wrote. */
export async function* letterKeysOfRun(lake: ObjectStore, { source, data_type, second, run_id }: LettersOfRun): AsyncGenerator<string> {
  for await (const { key } of lake.list(`${DEAD_LETTERS}${source}/${data_type}/date=${second.slice(0, 10)}/run=${run_id}/`)) yield key;
}

/** The letters of one object. Throws `FatalError` when it is damaged. */
export async function readLetters(lake: ObjectStore, key: string): Promise<StoredLetter[]> {
  const text = Buffer.from((await lake.get(key)) ?? []).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) => ({ key, line: index, letter: parseLetter(line, `${lake.uri}/${key}, line ${index + 1}`) }));
}

function parseLetter(line: string, where: string): DeadLetter {
  try {
    const letter = JSON.parse(line) as DeadLetter;
    if (typeof letter.run_id === 'string' && typeof letter.stream === 'string' && Array.isArray(letter.sinks)) return letter;
  } catch (cause) {
    throw damaged(where, cause);
  }
  throw damaged(where);
}

const damaged = (where: string, cause?: unknown): FatalError =>
  new FatalError('this dead letter is damaged', { where, hint: 'Bring an earlier version of the object back, if the bucket keeps versions.', cause });
