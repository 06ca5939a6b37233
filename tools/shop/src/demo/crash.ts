import type { ChildProcess } from 'node:child_process';
import type { LocalAws } from '@loadin/local-aws';

/** How many entities are committed when the run is killed: some are visible then, some are half-way, some have not begun. */
const COMMITS = 3;

/**
 * Kills a process at the moment when its third commit record is durable: the files of that entity are complete in the lake, and none of them is visible yet. Gives what ends the
 * watching.
 */
export function killAfterCommits(aws: LocalAws, child: ChildProcess): () => void {
  const seen = new Set<string>();
  return aws.watch({
    after({ operation, key = '' }, { done }) {
      if (!done || operation !== 'PutObject' || !/^_loadin\/commits\/[^/]+\/[^/]+\/[^/]+\.json$/.test(key)) return undefined;
      seen.add(key);
      if (seen.size >= COMMITS) child.kill('SIGKILL');
      return undefined;
    },
  });
}
