import type { Evidence, Shard, StreamRecord } from '../../evidence.js';
import { parsed, type Fields } from './canonical.js';

/** A record of the stream that could be read, and where it stands. */
export interface Streamed {
  readonly record: StreamRecord;
  readonly shard: string;
  /** Its place among all records of the shard. */
  readonly index: number;
  readonly text: string;
  readonly fields: Fields;
  readonly runId: string;
  readonly dataType: string;
  readonly hash: string;
}

/** Parents before the shards that came from them: so a key's records come in their order. */
export function inOrder(shards: readonly Shard[]): readonly Shard[] {
  const byId = new Map(shards.map((shard) => [shard.id, shard]));
  const sorted = new Set<Shard>();
  const add = (shard: Shard): void => {
    if (sorted.has(shard)) return;
    for (const parent of shard.parents) {
      const found = byId.get(parent);
      if (found !== undefined) add(found);
    }
    sorted.add(shard);
  };
  shards.forEach(add);
  return [...sorted];
}

/** Everything on the stream, and what of it is no JSON object. */
export function readStream({ shards }: Evidence): { readonly streamed: readonly Streamed[]; readonly damaged: readonly string[] } {
  const streamed: Streamed[] = [];
  const damaged: string[] = [];
  for (const { id: shard, records } of inOrder(shards)) {
    records.forEach((record, index) => {
      const text = record.data.toString('utf8');
      const fields = parsed(text);
      if (fields === undefined) damaged.push(`${shard} ${record.sequenceNumber}: no JSON object`);
      else
        streamed.push({
          ...{ record, shard, index, text, fields },
          runId: String(fields['run_id']),
          dataType: String(fields['data_type']),
          hash: String(fields['record_hash']),
        });
    });
  }
  return { streamed, damaged };
}
