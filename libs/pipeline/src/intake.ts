import { recordHash } from './hash.js';
import type { JobStream } from './job.js';
import type { Json } from './ports/json.js';
import type { BatchRecord } from './ports/sink.js';
import type { Slice } from './ports/stream.js';

/** What becomes of one raw entry of a page. */
export type Intake =
  | { readonly kind: 'null_entry' }
  | { readonly kind: 'deduplicated' }
  | { readonly kind: 'rejected'; readonly reason: string; readonly errorClass: string }
  | { readonly kind: 'accepted'; readonly record: BatchRecord };

/** Judges a slice's raw entries one after the other. It depends on them alone, so every attempt judges alike; it never throws. */
export function createIntake({ stream, transform }: Pick<JobStream, 'stream' | 'transform'>, slice: Slice): (raw: Json) => Intake {
  const accepted = new Set<string>();

  const judge = (raw: Json): Intake => {
    if (raw === null) return { kind: 'null_entry' };
    const key = stream.key(raw);
    if ((key !== undefined && accepted.has(key)) || stream.belongs?.(raw, slice) === false) return { kind: 'deduplicated' };
    const parsed = transform(raw);
    if (!parsed.ok) {
      const reason = parsed.reasons.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
      return { kind: 'rejected', reason, errorClass: 'RejectedRecord' };
    }
    // Only now: a good copy of a record whose first copy was not usable must still arrive.
    if (key !== undefined) accepted.add(key);
    return {
      kind: 'accepted',
      record: { id: parsed.id, value: parsed.record, json: JSON.stringify(parsed.record), hash: recordHash(parsed.record) },
    };
  };

  return (raw) => {
    try {
      return judge(raw);
    } catch (error) {
      // One entry of a shape that nobody foresaw must not hold up all others for ever: it becomes a dead letter that shows the fault.
      const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
      return { kind: 'rejected', reason: `it could not be read: ${message}`, errorClass: name };
    }
  };
}
