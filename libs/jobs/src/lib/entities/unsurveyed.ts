import type { SlicedStream } from '@loadin/pipeline';

/**
 * A table is asked how far it can be read when it is loaded, not when the run is planned: what fails then fails one entity, and not the plan of all. An attempt that did not
 * commit is read anew, so it need not have the bound of the one before. So each is one slice.
 */
export const unsurveyed = <Of extends SlicedStream>(stream: Of): Of => ({ ...stream, survey: undefined });
