import type { Claims } from './claims.js';
import { recordHash } from '../hash.js';
import type { JobStream } from '../job.js';
import type { Json } from '../ports/json.js';
import type { BatchRecord } from '../ports/sink.js';
import type { Page, Slice } from '../ports/stream.js';

/** What becomes of one raw entry of a page. */
export type Intake =
  | { readonly kind: 'null_entry' }
  | { readonly kind: 'deduplicated' }
  | { readonly kind: 'rejected'; readonly reason: string; readonly errorClass: string }
  | { readonly kind: 'accepted'; readonly record: BatchRecord };

/** An entry of a page and what became of it. */
export interface Taken {
  readonly raw: Json;
  readonly intake: Intake;
}

/** What a slice makes of a group of pages, entry by entry. */
export type TakeIn = (pages: readonly Page[]) => Promise<readonly Taken[]>;

/**
 * Judges a slice's groups of pages one after the other. What comes of it depends on them and on durable claims alone, so every attempt judges
 * alike. What belongs to no slice by itself is claimed group by group, and only what can be parsed: a copy that is not usable must not keep
 * another slice from delivering a good one.
 */
export function createIntake(jobStream: Pick<JobStream, 'stream' | 'transform'>, slice: Slice, claims: Claims): TakeIn {
  const judge = createJudge(jobStream, slice);
  return async (pages) => {
    const judged: Judged[] = [];
    const wanted: string[] = [];
    for (const { records } of pages) {
      for (const raw of records) {
        const one = judge(raw);
        judged.push(one);
        if (one.unclaimed !== undefined) wanted.push(one.unclaimed);
      }
    }
    if (wanted.length === 0) return judged;
    const own = await claims.claim(slice.ordinal, wanted);
    return judged.map((one): Taken => (one.unclaimed === undefined || own.has(one.unclaimed) ? one : { raw: one.raw, intake: DEDUPLICATED }));
  };
}

interface Judged extends Taken {
  /** The key to claim an accepted record by, when it belongs to no slice by itself. */
  readonly unclaimed: string | undefined;
}

const NULL_ENTRY: Intake = { kind: 'null_entry' };
const DEDUPLICATED: Intake = { kind: 'deduplicated' };

/** Judges one entry after the other; never throws. */
function createJudge({ stream, transform }: Pick<JobStream, 'stream' | 'transform'>, slice: Slice): (raw: Json) => Judged {
  const accepted = new Set<string>();

  const judge = (raw: Json): Judged => {
    const as = (intake: Intake, unclaimed?: string): Judged => ({ raw, intake, unclaimed });
    if (raw === null) return as(NULL_ENTRY);
    const key = stream.key(raw);
    if (key !== undefined && accepted.has(key)) return as(DEDUPLICATED);
    const belongs = stream.belongs?.(raw, slice) ?? true;
    if (belongs === false) return as(DEDUPLICATED);
    const parsed = transform(raw);
    if (!parsed.ok) {
      const reason = parsed.reasons.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
      return as({ kind: 'rejected', reason, errorClass: 'RejectedRecord' });
    }
    // Only now: a good copy of a record whose first copy was not usable must still arrive.
    if (key !== undefined) accepted.add(key);
    const record = { id: parsed.id, value: parsed.record, json: JSON.stringify(parsed.record), hash: recordHash(parsed.record) };
    return as({ kind: 'accepted', record }, belongs === 'unclaimed' ? key : undefined);
  };

  return (raw) => {
    try {
      return judge(raw);
    } catch (error) {
      // One entry of a shape that nobody foresaw must not hold up all others for ever: it becomes a dead letter that shows the fault.
      const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
      return { raw, intake: { kind: 'rejected', reason: `it could not be read: ${message}`, errorClass: name }, unclaimed: undefined };
    }
  };
}
