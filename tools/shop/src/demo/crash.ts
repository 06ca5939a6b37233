import type { ChildProcess } from 'node:child_process';
import type { LocalAws } from '@loadin/local-aws';

export interface Crash {
  /** Entities whose commit record was durable when the run was killed. */
  readonly committed: () => number;
  /** Files that were to be seen by then. */
  readonly visible: () => number;
  /** Ends the watching. */
  readonly end: () => void;
}

const COMMIT = /^_loadin\/commits\/[^/]+\/[^/]+\/[^/]+\.json$/;

/**
 * Kills a process when it has committed two entities, made the first of their files visible, and is at work with the others: of the two some files are complete in the lake, and
 * not to be seen yet.
 */
export function killInTheMiddle(aws: LocalAws, child: ChildProcess): Crash {
  const commits = new Set<string>();
  const files = new Set<string>();
  const end = aws.watch({
    after({ operation, key = '' }, { done }) {
      if (!done) return undefined;
      if (operation === 'PutObject' && COMMIT.test(key) && !key.includes('.done.')) commits.add(key);
      if (operation === 'CompleteMultipartUpload' && key.startsWith('data/bronze/')) files.add(key);
      if (commits.size >= 2 && files.size >= 1) child.kill('SIGKILL');
      return undefined;
    },
  });
  return { committed: () => commits.size, visible: () => files.size, end };
}
