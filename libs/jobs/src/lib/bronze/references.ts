import type { SortedKeys } from '@loadin/bronze-writer';
import type { References } from '@loadin/quality';
import { lastSets } from './last-sets.js';
import { openObject } from './range-file.js';
import type { Work } from './work.js';

/**
 * The keys of other entities of the job, as their last loads have left them. Of an entity to which another refers since it was last read whole only some are known; those of
 * several columns are not looked at.
 */
export function openReferences(work: Work): References {
  return {
    async open(entity, column) {
      const { load, context, options } = work;
      const last = await lastSets(context.state, load.job, `postgres.${entity}`);
      const sets = last?.keys ?? [];
      const { readKeySet } = await import('./writer-parts.js');
      const opened: SortedKeys[] = [];
      for (const path of sets) {
        const file = await openObject(context, path, options.signal);
        const set = file && (await readKeySet(file, `s3://${context.bucket}/${path}`));
        const isMeant = set?.key.length === 1 && (column === undefined || set.key[0] === column);
        if (set !== undefined && isMeant) opened.push(set);
      }
      if (opened.length === 0) return undefined;
      return {
        values: valuesOf(opened),
        origin: `the keys of the last loads of ${entity}`,
        complete: last?.keys_whole === true && opened.length === sets.length,
      };
    },
  };
}

async function* valuesOf(sets: readonly SortedKeys[]): AsyncGenerator<readonly string[]> {
  const { keyOf } = await import('./writer-parts.js');
  for (const set of sets) for await (const block of set.blocks()) yield Array.from({ length: block.count }, (_, row) => keyOf(block, row)[0] ?? '');
}
