import type { StreamPlan } from '../../plan/plan.js';
import type { JsonObject } from '../../ports/json.js';
import type { ObjectStore } from '../../ports/object-store.js';
import { checkObject } from '../verify/check-object.js';
import type { RetriedRecord } from './manifest.js';
import type { OpenLetter, RetryContext } from './types.js';

/** A letter that can be sent. */
export interface Prepared {
  readonly letter: OpenLetter;
  readonly record: RetriedRecord;
}

export interface Preparation {
  readonly ready: readonly Prepared[];
  /** The run has delivered the record otherwise: these sinks have it. */
  readonly found: readonly { readonly letter: OpenLetter; readonly sinks: readonly string[] }[];
  /** Letters of a record that another letter brings: they are settled with that one. */
  readonly copies: readonly { readonly letter: OpenLetter; readonly of: Prepared }[];
  readonly refused: readonly { readonly letter: OpenLetter; readonly reason: string }[];
}

/** The sink that keeps raw objects. */
const RAW_SINK = 's3_raw';

/**
 * Makes records of letters: those of stage `transform` by today's transform. A run has an id once in the lake, so a record whose id is there already (a good copy
 * came later, or a replay could read it) is not sent again; of several letters of one id the first is sent. `held`: the ids of records that an earlier retry still
 * sends, and the letter that each is of.
 */
export async function prepare(
  letters: readonly OpenLetter[],
  held: ReadonlyMap<string, string>,
  stream: StreamPlan,
  lake: ObjectStore,
  context: RetryContext,
): Promise<Preparation> {
  const refused: { letter: OpenLetter; reason: string }[] = [];
  const parsed: Prepared[] = [];
  for (const letter of letters) {
    const record = recordOf(letter, stream, context);
    if (typeof record === 'string') refused.push({ letter, reason: record });
    else if (held.has(record.id)) refused.push({ letter, reason: `it waits for the letter ${held.get(record.id)}, of the same record` });
    else parsed.push({ letter, record });
  }
  const asked = new Set(parsed.filter(({ record }) => record.sinks.includes(RAW_SINK)).map(({ record }) => record.id));
  const inLake = asked.size === 0 ? new Set<string>() : await idsInLake(asked, stream, lake, context, letters[0]?.letter.run_id ?? '');
  const ready: Prepared[] = [];
  const found: { letter: OpenLetter; sinks: readonly string[] }[] = [];
  const copies: { letter: OpenLetter; of: Prepared }[] = [];
  const first = new Map<string, Prepared>();
  for (const one of parsed) {
    const { letter, record } = one;
    const known = first.get(record.id);
    if (record.sinks.includes(RAW_SINK) && inLake.has(record.id)) {
      // Who delivered that copy to the lake delivered it to the other sinks, too; what one sink refused is another matter.
      found.push({ letter, sinks: letter.letter.stage === 'transform' ? record.sinks : [RAW_SINK] });
    } else if (known !== undefined && record.sinks.some((sink) => known.record.sinks.includes(sink))) copies.push({ letter, of: known });
    else {
      ready.push(one);
      if (known === undefined) first.set(record.id, one);
    }
  }
  return { ready, found, copies, refused };
}

/** The record, or why there is none. */
function recordOf({ letter, open_sinks, key, line }: OpenLetter, stream: StreamPlan, context: RetryContext): RetriedRecord | string {
  if (letter.stage === 'sink') {
    const value = letter.record as JsonObject;
    const id = context.idOf(stream.data_type, value);
    return id === undefined ? 'its record has no id' : { letter: { key, line }, id, value, sinks: open_sinks };
  }
  const transform = context.transformOf(stream.id);
  if (transform === undefined) return `there is no stream ${stream.id} any more`;
  try {
    const parsed = transform(letter.record);
    if (parsed.ok) return { letter: { key, line }, id: parsed.id, value: parsed.record, sinks: open_sinks };
    return `still rejected: ${parsed.reasons.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ')}`;
  } catch (error) {
    return `still rejected: it could not be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Which of the ids the run's raw objects have. Object by object: one is held at a time. */
async function idsInLake(
  wanted: ReadonlySet<string>,
  { source, data_type, second }: StreamPlan,
  lake: ObjectStore,
  { idOf, rawPrefix, signal }: RetryContext,
  runId: string,
): Promise<Set<string>> {
  const found = new Set<string>();
  for await (const { key } of lake.list(rawPrefix({ source, data_type, second }))) {
    signal?.throwIfAborted();
    const body = await lake.get(key);
    if (body === undefined) continue;
    for (const record of checkObject(key, body, undefined, { run_id: runId, source, data_type }).records) {
      const id = idOf(data_type, record);
      if (id !== undefined && wanted.has(id)) found.add(id);
    }
  }
  return found;
}

/** What a batch takes of a sink's limits for this record, as the batches of a run count it. */
export const sizeOf = ({ value }: RetriedRecord): number => Buffer.byteLength(JSON.stringify(value)) + 2;
