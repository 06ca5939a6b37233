import { recordHash } from '../../hash.js';
import { mapLimit } from '../../map-limit.js';
import type { JsonObject } from '../../ports/json.js';
import { checkObject, type CheckedObject } from './check-object.js';
import type { IdTable } from './id-table.js';
import type { Difference, VerifyContext } from './types.js';
import type { StreamToVerify } from './verify-stream.js';

/** Objects held at once: each has up to 16 MB, and several times that when it is parsed. */
const CONCURRENCY = 2;
/** Ids named for one object and one kind of difference; the others are counted. */
const EXAMPLES = 5;

export interface LakePass {
  readonly records: number;
  readonly bytes: number;
  /** Of the objects, and of the ids that this pass looks at. */
  readonly differences: readonly Difference[];
  readonly idDifferences: readonly Difference[];
}

/** Reads every object, checks it, and notes its ids in the table. */
export async function checkLake(
  of: StreamToVerify,
  uris: readonly string[],
  context: VerifyContext & { readonly table: IdTable },
): Promise<LakePass> {
  let [records, bytes] = [0, 0];
  const results = await mapLimit([...uris.entries()], CONCURRENCY, async ([index, uri]): Promise<{ objects: Difference[]; ids: Difference[] }> => {
    const read = await readObject(of, uri, context);
    if (read === undefined) return { objects: [{ where: uri, kind: 'missing', message: 'it is not there' }], ids: [] };
    records += read.checked.records.length;
    bytes += read.bytes;
    const unreported = of.expected.objects.has(uri)
      ? []
      : [{ where: uri, kind: 'unreported' as const, message: 'it lies among the objects of this run, and no report names it' }];
    const { without, twice } = noteIds(of, uris, index, read.checked.records, context);
    return { objects: [...unreported, ...read.checked.differences, ...without], ids: twice };
  });
  const idDifferences = results.flatMap(({ ids }) => ids);
  return { records, bytes, differences: [...results.flatMap(({ objects }) => objects), ...idDifferences], idDifferences };
}

export async function readObject(
  { lake, report, expected }: StreamToVerify,
  uri: string,
  { signal }: VerifyContext,
): Promise<{ readonly checked: CheckedObject; readonly bytes: number } | undefined> {
  signal?.throwIfAborted();
  if (!uri.startsWith(`${lake.uri}/`)) return undefined; // the settings name another bucket than the run had
  const body = await lake.get(uri.slice(lake.uri.length + 1));
  if (body === undefined) return undefined;
  const { source, data_type } = expected.stream;
  return { checked: checkObject(uri, body, expected.objects.get(uri), { run_id: report.run_id, source, data_type }), bytes: body.byteLength };
}

function noteIds(
  of: StreamToVerify,
  uris: readonly string[],
  index: number,
  records: readonly JsonObject[],
  context: VerifyContext & { readonly table: IdTable },
): { readonly without: readonly Difference[]; readonly twice: Difference[] } {
  const where = uris[index] ?? '';
  const { data_type: dataType } = of.expected.stream;
  const without: number[] = [];
  const twice: string[] = [];
  records.forEach((record, position) => {
    const id = context.idOf(dataType, record);
    if (id === undefined) without.push(position);
    else if (context.table.takes(id)) {
      const earlier = context.table.add(id, recordHash(record), index);
      if (earlier !== undefined) twice.push(`${id} (also in ${uris[earlier.object] ?? 'another object'})`);
    }
  });
  return {
    without: without.length === 0 ? [] : [{ where, kind: 'ids', message: `records without an id: ${examples(without.map((n) => `number ${n}`))}` }],
    twice: twice.length === 0 ? [] : [{ where, kind: 'ids', message: `ids that the run has twice: ${examples(twice)}` }],
  };
}

/** The first few, and how many more there are. */
export const examples = (texts: readonly string[], total = texts.length): string => {
  const shown = texts.slice(0, EXAMPLES).join(', ');
  return total > EXAMPLES ? `${shown} and ${total - EXAMPLES} more` : shown;
};

/** Objects of the stream's second that no report names; `undefined` when the plan that says the second is gone. */
export async function unreportedObjects({ lake, expected, second }: StreamToVerify, { rawPrefix }: VerifyContext): Promise<string[] | undefined> {
  if (second === undefined) return undefined;
  const { source, data_type } = expected.stream;
  const found: string[] = [];
  for await (const { key } of lake.list(rawPrefix({ source, data_type, second }))) {
    const uri = `${lake.uri}/${key}`;
    if (!expected.objects.has(uri)) found.push(uri);
  }
  return found;
}
