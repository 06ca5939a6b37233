import type { Json, Page } from '@loadin/pipeline';

/** Reads one part of a slice; begins after its own position, `null` at its beginning, and ends with a page whose position is `null`. */
export type Phase = (after: Json) => AsyncIterable<Page>;

interface Position {
  readonly phase: number;
  /** The position within the phase. */
  readonly at: Json;
}

/** A slice that is read in several ways, one after the other; only its very last page has the position `null`. */
export async function* inPhases(phases: readonly Phase[], after: Json): AsyncGenerator<Page> {
  let { phase, at } = (after as unknown as Position | null) ?? { phase: 0, at: null };
  if (phases.length === 0) yield { records: [], position: null, request: 'nothing is asked for' };
  for (; phase < phases.length; phase += 1, at = null) {
    for await (const page of phases[phase]?.(at) ?? []) {
      const isLast = page.position === null && phase === phases.length - 1;
      const next: Position = page.position === null ? { phase: phase + 1, at: null } : { phase, at: page.position };
      yield { ...page, position: isLast ? null : (next as unknown as Json) };
    }
  }
}
