import { FatalError } from '@loadin/resilience';
import { letterKeysOfRun, readLetters, type StoredLetter } from '../letters/read-letters.js';
import type { Difference } from './types.js';
import type { StreamToVerify } from './verify-stream.js';

/** The letters of a stream of a run, object after object; one that is damaged is left out and told. */
export async function* lettersOf(
  { lake, report, expected, second }: StreamToVerify,
  damaged: (error: FatalError) => void = () => undefined,
): AsyncGenerator<StoredLetter> {
  if (second === undefined) return;
  const { source, data_type } = expected.stream;
  for await (const key of letterKeysOfRun(lake, { source, data_type, second, run_id: report.run_id })) {
    const letters = await readLetters(lake, key).catch((error: unknown) => {
      if (!(error instanceof FatalError)) throw error;
      damaged(error);
      return [];
    });
    yield* letters;
  }
}

/** Whether what was not delivered is still there to be retried. A letter that is gone is no difference: who must remove data deletes its object. */
export async function checkLetters(of: StreamToVerify): Promise<{ readonly differences: readonly Difference[]; readonly notes: readonly string[] }> {
  const differences: Difference[] = [];
  let rejected = 0;
  const refused = new Map<string, number>();
  const damaged = ({ message, where = '' }: FatalError): void => void differences.push({ where, kind: 'format', message });
  for await (const { letter } of lettersOf(of, damaged)) {
    if (letter.stage !== 'sink') rejected += 1;
    else for (const sink of letter.sinks) refused.set(sink, (refused.get(sink) ?? 0) + 1);
  }
  const { ledger, replayed } = of.expected;
  // A replay counts by what it could not read itself.
  if (of.second === undefined || replayed || differences.length > 0) return { differences, notes: [] };
  const gone = (what: string, there: number, counted: number): string[] =>
    there < counted ? [`of ${counted} dead letters of records that ${what} only ${there} are there: the others can't be retried any more`] : [];
  const bySink = Object.entries(ledger.sinks).flatMap(([sink, counts]) => gone(`${sink} refused`, refused.get(sink) ?? 0, counts.dead_lettered));
  return { differences, notes: [...gone('could not be read', rejected, ledger.rejected), ...bySink] };
}
