import { forget, overwrite, eventsOf } from './edits.fixture.js';
import { keys, RUN, type Draft } from './evidence.fixture.js';

/* Places in the evidence, and changes of it, that several kinds of bad evidence share. */

export const second = keys.raw('020000', 1);
export const daily = { id: RUN, job: 'daily', time: '2026-03-01T02:00:00Z' };
export const transformLetters = keys.letters(RUN, 'transform-000000-0a');
export const sinkLetters = keys.letters(RUN, 'kinesis-000000-0b');
export function relandedAs(draft: Draft, body: Buffer): void {
  forget(draft, keys.landed(RUN, 1));
  overwrite(draft, keys.landed(RUN, 1), body, 'a2', eventsOf(draft, 'a2', 'page landed')[0]?.number);
}
