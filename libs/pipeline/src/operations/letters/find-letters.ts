import { hash } from 'node:crypto';
import { FatalError } from '@loadin/resilience';
import { readRunRecord } from '../../runs/run-record.js';
import type { DeadLetter } from '../../slices/dead-letters.js';
import type { Stores } from '../stores.js';
import { DEAD_LETTERS, readLetters } from './read-letters.js';
import { readSettlement } from './settlement.js';
import type { LetterSelection, OpenLetter } from './types.js';

const ID = /^([0-9a-f]{12})-(\d+)$/;
const objectId = (key: string): string => hash('md5', key).slice(0, 12);
export const letterId = (key: string, line: number): string => `${objectId(key)}-${line}`;

/** Letters that match, in the order of their objects, object by object: those that wait. `settled`: those as well that do not wait any more. */
export async function* findLetters(stores: Stores, selection: LetterSelection, { settled = false } = {}): AsyncGenerator<OpenLetter> {
  const wanted = wantedLines(selection.ids);
  const jobOf = createJobLookup(stores);
  for await (const { key } of stores.lake.list(prefixOf(selection))) {
    if (!mayMatch(key, selection) || (wanted !== undefined && !wanted.has(objectId(key)))) continue;
    const job = await jobOf(runOf(key));
    if (selection.job !== undefined && job !== selection.job) continue;
    const { acknowledged, discarded } = await readSettlement(stores.state, key);
    for (const { line, letter } of await readLetters(stores.lake, key)) {
      if (wanted !== undefined && !wanted.get(objectId(key))?.has(line)) continue;
      if (selection.stage !== undefined && letter.stage !== selection.stage) continue;
      const open = letter.sinks.filter((sink) => !acknowledged.get(sink)?.has(line));
      const waits = open.length > 0 && !discarded.has(line);
      if (waits || settled) yield { id: letterId(key, line), job, key, line, letter, open_sinks: open, discarded: discarded.has(line) };
    }
  }
}

/** One letter, whatever has become of it. Throws `FatalError` when there is none of that id. */
export async function findLetter(stores: Stores, id: string): Promise<OpenLetter> {
  for await (const letter of findLetters(stores, { ids: [id] }, { settled: true })) return letter;
  throw new FatalError(`There is no dead letter ${id}`, {
    where: `${stores.lake.uri}/${DEAD_LETTERS}`,
    hint: 'These are there: loadin dead-letters list.',
  });
}

/** Lines by object; throws `FatalError` for what is no letter's id. */
function wantedLines(ids: readonly string[] | undefined): Map<string, Set<number>> | undefined {
  if (ids === undefined || ids.length === 0) return undefined;
  const wanted = new Map<string, Set<number>>();
  for (const id of ids) {
    const [, object, line] = ID.exec(id) ?? [];
    if (object === undefined)
      throw new FatalError(`"${id}" is no id of a dead letter`, { hint: 'loadin dead-letters list shows them: 3f2a9c81d0e4-0.' });
    wanted.set(object, (wanted.get(object) ?? new Set()).add(Number(line)));
  }
  return wanted;
}

function prefixOf({ stream }: LetterSelection): string {
  if (stream === undefined) return DEAD_LETTERS;
  const [, source, dataType] = /^([^./]+)\.([^/]+)$/.exec(stream) ?? [];
  if (source === undefined) throw new FatalError(`"${stream}" is no stream`, { hint: 'A stream is a source and a data type: ticketmaster.events.' });
  return `${DEAD_LETTERS}${source}/${dataType}/`;
}

const runOf = (key: string): string => /\/run=([^/]+)\//.exec(key)?.[1] ?? '';

/** By its name alone, so that other objects are not read. */
const mayMatch = (key: string, { run, stage }: LetterSelection): boolean =>
  key.endsWith('.ndjson') && (run === undefined || runOf(key) === run) && (stage === undefined || stage === stageOf(key));

const stageOf = (key: string): DeadLetter['stage'] => {
  const [, step] = /\/slice=\d{5}-(transform|load)-/.exec(key) ?? [];
  return (step as 'transform' | 'load' | undefined) ?? 'sink';
};

/** Objects of a run follow one another: its job is asked for once. */
function createJobLookup({ state }: Stores): (runId: string) => Promise<string | null> {
  let last: { readonly runId: string; readonly job: string | null } | undefined;
  return async (runId) => {
    if (last?.runId !== runId) last = { runId, job: (await readRunRecord(state, runId))?.job ?? null };
    return last.job;
  };
}
