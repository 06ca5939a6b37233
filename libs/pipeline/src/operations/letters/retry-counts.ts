import type { OpenLetter, RetryReport } from './types.js';

/** Counts what becomes of letters while a retry goes on. */
export interface RetryCounts {
  asked(letters: readonly OpenLetter[]): void;
  /** These sinks have it now. */
  delivered(letter: OpenLetter, sinks: readonly string[]): void;
  /** The run has delivered it otherwise. */
  found(letter: OpenLetter, sinks: readonly string[]): void;
  /** Settled by what an earlier retry, or somebody else, had begun. */
  settled(letters: readonly OpenLetter[]): void;
  stay(letters: readonly OpenLetter[], reason: string): void;
  wrote(uris: readonly string[]): void;
  report(): RetryReport;
}

/** Different reasons that are named; the others are counted together. */
const MOST_REASONS = 20;

export function createRetryCounts(): RetryCounts {
  let [letters, delivered, found] = [0, 0, 0];
  const reasons = new Map<string, { letters: number; example: string }>();
  const objects: string[] = [];
  const stay = (which: readonly OpenLetter[], reason: string): void => {
    const named = reasons.has(reason) || reasons.size < MOST_REASONS ? reason : 'other reasons';
    const known = reasons.get(named) ?? { letters: 0, example: which[0]?.id ?? '' };
    reasons.set(named, { ...known, letters: known.letters + which.length });
  };
  const arrived = (letter: OpenLetter, sinks: readonly string[]): boolean => {
    const left = letter.open_sinks.filter((sink) => !sinks.includes(sink));
    if (left.length > 0) stay([letter], `delivered to ${sinks.join(', ')}; ${left.join(', ')} is still to come: retry it once more`);
    else delivered += 1;
    return left.length === 0;
  };
  return {
    asked: (which) => void (letters += which.length),
    delivered: (letter, sinks) => void arrived(letter, sinks),
    found: (letter, sinks) => void (arrived(letter, sinks) && (found += 1)),
    settled: (which) => void (delivered += which.length),
    stay,
    wrote: (uris) => void objects.push(...uris),
    report: () => ({
      letters,
      delivered,
      found,
      remaining: letters - delivered,
      reasons: [...reasons].map(([reason, counts]) => ({ reason, ...counts })),
      objects,
    }),
  };
}
