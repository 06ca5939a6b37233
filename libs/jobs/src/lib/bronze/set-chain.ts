import type { LastLoad, Load } from '@loadin/pipeline';
import { readItem, writeItem, type LastSets } from './last-sets.js';
import { adoptCommitted, lastLoadOf, type Adopting } from './load-history.js';
import { overtaken } from './overtaken-error.js';

/** What a load is compared with, and the one way to its commit: of all that begin with the same sets one commits. */
export interface SetChain {
  /** What this load is compared with. */
  readonly base: LastSets | null;
  /** The load that `base` is of. */
  last(): Promise<LastLoad>;
  /**
   * Right before the commit. When it resolves, nobody who has begun with the same sets can commit any more, but an attempt at this very run. Throws `OvertakenError` when
   * another run has committed meanwhile, or is about to: what was read was compared with sets that are not the last.
   */
  announce(): Promise<void>;
}

export interface ChainOptions extends Adopting {
  readonly load: Load;
  /** Only looks. Default: false. */
  readonly dryRun?: boolean;
}

/** Finds the last sets. A run that has committed without saying so is completed and counts. */
export async function openSets(options: ChainOptions): Promise<SetChain> {
  const { state, load, dryRun = false } = options;
  if (dryRun) {
    const { last } = await readItem(state, load);
    return { base: last, last: async () => ({ runId: last?.run_id ?? null, notes: [] }), announce: async () => undefined };
  }
  const { item, other, dead } = await adoptCommitted(load, options, load.runId);
  return {
    base: item.last,
    last: () => lastLoadOf(load, item, options),
    async announce() {
      // Who announced before may be about to commit, if only because it sleeps: it can't any more, or it has.
      if (other !== undefined && dead === undefined) await outrun(other, options);
      if (await writeItem(state, load, item, { ...item, next: { run_id: load.runId } })) return;
      const now = await readItem(state, load);
      // Another attempt of the same run has announced, or has committed: then its record decides.
      if (now.last?.run_id === load.runId) return;
      if (now.next?.run_id === load.runId && now.last?.run_id === item.last?.run_id) return;
      throw overtaken(load, now.next?.run_id ?? now.last?.run_id);
    },
  };
}

async function outrun(other: string, { uploads, load, options }: ChainOptions): Promise<void> {
  const record = await uploads.veto({ job: load.job, runId: other, stream: load.stream }, load.runId, options);
  if (record !== undefined) throw overtaken(load, other);
}
