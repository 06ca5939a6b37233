import type { Note } from '@loadin/pipeline';
import type { Work, Written } from './work.js';

/** Earlier loads of the entity have kept no keys, or those of some rows: the option was off, or the state store has forgotten them. */
export const NOT_ALL_KEPT = 'they were not kept of every row';

/** Whether the sets of earlier loads have a key of each row that was ever there. Where nothing was loaded before there is none that they could lack. */
export const areKeysWhole = ({ base, schema }: Pick<Work, 'base' | 'schema'>): boolean =>
  base === null ? schema === undefined : base.keys_whole === true;

/**
 * What to say when keys that earlier loads have kept can't be compared with: rows that were deleted since then get no tombstone, from no later load either.
 * @param lost why, of each set
 */
export function gonePastFinding(lost: ReadonlySet<string>, { loadType, second }: Pick<Written, 'loadType'> & { readonly second: string }): Note[] {
  if (lost.size === 0) return [];
  const why = [...lost].join('; ');
  // A load in full has brought every row that there is; what is older and has not come again is none of them.
  const repair =
    loadType === 'full'
      ? `This load has brought all rows that there are: leave out of what you read those whose _ingestion_ts is earlier than ${second}`
      : 'A load with --full-refresh brings all rows that there are: then leave out of what you read those whose _ingestion_ts is earlier than it';
  return [
    {
      kind: 'drift',
      message: `Rows deleted since earlier loads may not be marked as such, the keys kept by those can't be compared with (${why}). ${repair}`,
    },
  ];
}
