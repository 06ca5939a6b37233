import { FatalError, type Json, type JsonObject, type Page, type PlanContext, type ReadOptions, type Slice, type Stream } from '@loadin/pipeline';
import type { AnySource, AnyStream, AnyStreamOptions, Params } from './any.js';
import type { ListEndpoint } from './declaration.js';
import { cursorOf, rangeOf, type Range } from './incremental.js';
import type { Paging } from './paging-kinds.js';
import { textAt } from './shape.js';
import { readWindowed, windowOf, type Horizon } from './windowed.js';
import type { TimeWindow } from './windows/types.js';

/** What a slice reads: the same list for each of its values, or one list. Stored with the run's plan. */
interface Bounds extends Range {
  readonly params: { readonly [name: string]: string | number | boolean };
  readonly values?: readonly (string | number)[];
  readonly window?: TimeWindow;
}

/** Where a read goes on: in the list of this value, at this page of it. */
interface Position {
  readonly value: number;
  readonly at: Json;
}

/** A run has at most so many slices. */
const maxSlices = 1_000;

export function createStream(source: AnySource, name: string, options: AnyStreamOptions): Stream {
  const declared = source.streams?.[name];
  const endpoint = declared === undefined ? undefined : (source.endpoints[declared.endpoint] as ListEndpoint | undefined);
  if (declared === undefined || endpoint === undefined) throw new FatalError(`${source.name} has no stream ${name}`);
  const { paging } = endpoint;
  const id = `${source.name}.${name}`;
  return {
    id,
    source: source.name,
    dataType: declared.dataType ?? name,
    ...(paging.kind === 'since'
      ? { readMode: 'incremental', cursor: cursorOf(paging, declared, valuesPerSlice(declared, options) <= 1) }
      : { readMode: 'full' }),
    plan: (context) => slicesOf(declared, options, boundsOf(declared, paging, options, context)),
    read(slice, readOptions) {
      const bounds = slice.bounds as unknown as Bounds;
      const lists = listsOf(declared, bounds);
      const { windows, endpoint: name, key } = declared;
      const { client } = options;
      if (windows === undefined) return read(declared, options, lists, bounds, { ...readOptions, lane: id });
      return readWindowed({ windows, client, name, endpoint, key, lists, window: bounds.window, streamId: id, options: readOptions });
    },
    key: (raw) => textAt(raw, declared.key),
    ...belonging(declared),
  };
}

interface Planned {
  readonly bounds: Bounds;
  readonly interval?: Slice['interval'];
}

function boundsOf({ params, windows }: AnyStream, paging: Paging, options: AnyStreamOptions, context: PlanContext): Planned {
  const since = paging.kind === 'since' ? rangeOf(paging, options, context) : undefined;
  const given = Object.entries({ ...params, ...options.params, ...since?.params }).filter(([, value]) => value !== undefined);
  const bounds = {
    params: Object.fromEntries(given) as Bounds['params'],
    ...since?.range,
    ...(windows?.time !== undefined && { window: windowOf(windows, options as Horizon, context.scheduledTime) }),
  };
  return { bounds, interval: since?.interval };
}

/** Values that a partition goes through. 1 and '1' are asked for by the same address. */
const valuesIn = ({ values = [] }: AnyStreamOptions) => [...new Map(values.map((value) => [String(value), value])).values()];

/** One for each slice, as long as they are not too many; where records of several values may be the same, one slice has them all. */
function valuesPerSlice({ partition }: AnyStream, options: AnyStreamOptions): number {
  const { length } = valuesIn(options);
  return partition?.owner === undefined ? length : Math.ceil(length / maxSlices);
}

function slicesOf(declared: AnyStream, options: AnyStreamOptions, { bounds, interval }: Planned): Slice[] {
  const { partition } = declared;
  const slice = (ordinal: number, name: string, more: Partial<Bounds> = {}): Slice => {
    const { from, until, ...rest } = { ...bounds, ...more };
    const all = { ...rest, ...(from !== undefined && { from }), ...(until !== undefined && { until }) };
    return { ordinal, name, bounds: all as unknown as JsonObject, ...(interval !== undefined && { interval }) };
  };
  if (partition === undefined || options.values === undefined) return [slice(0, 'all')];
  const each = valuesIn(options);
  if (partition.owner === undefined) return [slice(0, 'all', { values: each })];
  const perSlice = valuesPerSlice(declared, options);
  return Array.from({ length: perSlice === 0 ? 0 : Math.ceil(each.length / perSlice) }, (_, ordinal) => {
    const ours = each.slice(ordinal * perSlice, (ordinal + 1) * perSlice);
    return slice(ordinal, ours.length === 1 ? String(ours[0]) : `${ours[0]}…${ours.at(-1)}`, { values: ours });
  });
}

function belonging({ partition }: AnyStream): Pick<Stream, 'belongs'> {
  const owner = partition?.owner;
  if (owner === undefined) return {};
  return {
    belongs(raw, slice) {
      const value = textAt(raw, owner);
      // One that doesn't say it may be found by several slices.
      return value === undefined ? 'unclaimed' : (slice.bounds as unknown as Bounds).values?.some((ours) => String(ours) === value) !== false;
    },
  };
}

const listsOf = ({ partition }: AnyStream, { params, values }: Bounds): readonly Params[] =>
  values === undefined || partition === undefined ? [params] : values.map((value) => ({ ...params, [partition.parameter]: value }));

async function* read(
  { endpoint }: AnyStream,
  { client }: AnyStreamOptions,
  lists: readonly Params[],
  { from, until }: Range,
  options: ReadOptions & { readonly lane: string },
): AsyncGenerator<Page> {
  const { signal, meter, logger, lane } = options;
  const said = new Set<string>();
  let { value, at } = (options.after as Position | null) ?? { value: 0, at: null };
  if (lists.length === 0) yield { records: [], position: null, request: 'nothing is asked for' };
  for (; value < lists.length; value += 1, at = null) {
    for await (const page of client.pages(endpoint, lists[value], { at, from, until, signal, meter, logger, lane })) {
      const isLast = page.next === null && value === lists.length - 1;
      const position = page.next === null ? { value: value + 1, at: null } : { value, at: page.next };
      const notes = page.notes?.filter(({ message }) => !said.has(message) && said.add(message));
      yield { records: page.items, position: isLast ? null : position, request: page.request, ...(notes?.length && { notes }) };
    }
  }
}
