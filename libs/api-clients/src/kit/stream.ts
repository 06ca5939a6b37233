import { FatalError, type Json, type JsonObject, type Page, type ReadOptions, type Slice, type Stream } from '@loadin/pipeline';
import type { AnySource, AnyStream, AnyStreamOptions, Params } from './any.js';
import { compareCursors, cursorIn } from './cursor.js';
import type { ListEndpoint } from './declaration.js';
import type { SincePaging } from './paging-kinds.js';
import { textAt } from './shape.js';
import type { SinceStream } from './source.js';
import { readWindowed, windowOf, type Horizon } from './windowed.js';
import type { TimeWindow } from './windows/types.js';

/** What a slice reads: the same list for each of its values, or one list. Stored with the run's plan. */
interface Bounds {
  readonly params: { readonly [name: string]: string | number | boolean };
  readonly values?: readonly (string | number)[];
  readonly until?: string;
  readonly window?: TimeWindow;
}

/** Where a read goes on: in the list of this value, at this page of it. */
interface Position {
  readonly value: number;
  readonly at: Json;
}

/** A run has at most so many slices. */
const maxSlices = 1_000;

export function createStream(source: AnySource, name: string, options: AnyStreamOptions): Stream | SinceStream {
  const declared = source.streams?.[name];
  const endpoint = declared === undefined ? undefined : (source.endpoints[declared.endpoint] as ListEndpoint | undefined);
  if (declared === undefined || endpoint === undefined) throw new FatalError(`${source.name} has no stream ${name}`);
  const { paging } = endpoint;
  const id = `${source.name}.${name}`;
  const stream: Stream = {
    id,
    source: source.name,
    dataType: declared.dataType ?? name,
    readMode: paging.kind === 'since' ? 'incremental' : 'full',
    plan: ({ scheduledTime }) =>
      slicesOf(declared, options, boundsOf(declared, paging.kind === 'since' ? paging : undefined, options, scheduledTime)),
    read(slice, readOptions) {
      const bounds = slice.bounds as unknown as Bounds;
      const lists = listsOf(declared, bounds);
      const { windows, endpoint: name, key } = declared;
      const { client } = options;
      if (windows === undefined) return read(declared, options, lists, bounds.until, { ...readOptions, lane: id });
      return readWindowed({ windows, client, name, endpoint, key, lists, window: bounds.window, streamId: id, options: readOptions });
    },
    key: (raw) => textAt(raw, declared.key),
    ...belonging(declared),
  };
  return paging.kind === 'since' ? { ...stream, later: laterOf(paging) } : stream;
}

function boundsOf({ params, windows }: AnyStream, paging: SincePaging | undefined, options: AnyStreamOptions, scheduledTime: string): Bounds {
  const since = paging === undefined || options.since === undefined ? {} : { [paging.parameter]: options.since };
  const given = Object.entries({ ...params, ...options.params, ...since }).filter(([, value]) => value !== undefined);
  return {
    params: Object.fromEntries(given) as Bounds['params'],
    ...(paging !== undefined && untilOf(paging, options, scheduledTime)),
    ...(windows?.time !== undefined && { window: windowOf(windows, options as Horizon, scheduledTime) }),
  };
}

function untilOf({ as, lagSeconds = 60 }: SincePaging, { until }: AnyStreamOptions, scheduledTime: string): { until?: string } {
  if (until !== undefined || as !== 'time') return { until };
  return { until: new Date(Date.parse(scheduledTime) - lagSeconds * 1000).toISOString() };
}

function slicesOf({ partition }: AnyStream, { values }: AnyStreamOptions, bounds: Bounds): Slice[] {
  const slice = (ordinal: number, name: string, more: Partial<Bounds> = {}): Slice => {
    const { until, ...rest } = { ...bounds, ...more };
    return { ordinal, name, bounds: { ...rest, ...(until !== undefined && { until }) } as unknown as JsonObject };
  };
  if (partition === undefined || values === undefined) return [slice(0, 'all')];
  const each = [...new Map(values.map((value) => [String(value), value])).values()]; // 1 and '1' are asked for by the same address
  if (partition.owner === undefined) return [slice(0, 'all', { values: each })];
  const perSlice = Math.ceil(each.length / maxSlices);
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
  until: string | undefined,
  options: ReadOptions & { readonly lane: string },
): AsyncGenerator<Page> {
  const { signal, meter, logger, lane } = options;
  const said = new Set<string>();
  let { value, at } = (options.after as Position | null) ?? { value: 0, at: null };
  if (lists.length === 0) yield { records: [], position: null, request: 'nothing is asked for' };
  for (; value < lists.length; value += 1, at = null) {
    for await (const page of client.pages(endpoint, lists[value], { at, until, signal, meter, logger, lane })) {
      const isLast = page.next === null && value === lists.length - 1;
      const position = page.next === null ? { value: value + 1, at: null } : { value, at: page.next };
      const notes = page.notes?.filter(({ message }) => !said.has(message) && said.add(message));
      yield { records: page.items, position: isLast ? null : position, request: page.request, ...(notes?.length && { notes }) };
    }
  }
}

function laterOf({ cursor, as }: SincePaging): SinceStream['later'] {
  return (since, raw) => {
    const found = cursorIn(raw, cursor, as);
    const known = since === undefined ? undefined : cursorIn(since, '', as);
    return found !== undefined && (known === undefined || compareCursors(found, known) > 0) ? found.text : since;
  };
}
