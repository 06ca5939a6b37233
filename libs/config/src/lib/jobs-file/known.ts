import { suggestionFor } from '../suggestion.js';
import type { Path } from './types.js';
import { SINKS, STREAM_FAMILIES, STREAM_KINDS, type StreamFamily, type StreamKind } from './stream-kinds.js';

/** What a jobs file may name. */
export interface Known {
  readonly streams: Readonly<Record<string, StreamKind>>;
  /** Streams whose names are the file's own. Default: none. */
  readonly families?: readonly StreamFamily[];
  readonly sinks: readonly string[];
  /** What is wrong with the `expect` of an entity beyond its form: places in the list, and messages. Default: nothing is looked for. */
  readonly expectations?: (list: unknown) => readonly { readonly path: Path; readonly message: string }[];
}

/** What is built in. */
export const KNOWN: Known = { streams: STREAM_KINDS, families: STREAM_FAMILIES, sinks: SINKS };

/** What the file may say of a stream; `undefined`: there is none of that name. */
export function kindOf({ streams, families = [] }: Known, id: string): StreamKind | undefined {
  if (Object.hasOwn(streams, id)) return streams[id];
  return families.find(({ pattern }) => new RegExp(pattern).test(id))?.kind;
}

/** That there is no such stream, and which one may be meant. */
export function unknownStream({ streams, families = [] }: Known, id: string): string {
  const is = `is no stream (${JSON.stringify(id)})`;
  const family = families.find(({ prefix }) => id.startsWith(prefix));
  if (family !== undefined) return `${is}: ${family.shown} has a name of small letters, digits and _, a letter first`;
  const [source = '', ...rest] = id.split('.');
  const near =
    suggestionFor(id, Object.keys(streams)) ??
    suggestionFor(
      source,
      families.map(({ prefix }) => prefix.slice(0, -1)),
    );
  if (near !== undefined) return `${is}: did you mean ${near in streams ? near : `${near}.${rest.join('.')}`}?`;
  return `${is}: there are ${[...Object.keys(streams), ...families.map(({ shown }) => shown)].join(', ')}`;
}

/** Which sinks can't take a stream, and why not: some are for certain streams alone, and those go nowhere else. */
export function misfit(known: Known, id: string, sink: string): string | undefined {
  const { onlyTo } = kindOf(known, id) ?? {};
  if (onlyTo !== undefined) return onlyTo.includes(sink) ? undefined : `can't take ${id}, which goes to ${onlyTo.join(' or ')} alone`;
  const exclusive = [...Object.values(known.streams), ...(known.families ?? []).map(({ kind }) => kind)].some((kind) => kind.onlyTo?.includes(sink));
  return exclusive ? `can't take ${id}: it is for ${takersOf(known, sink)}` : undefined;
}

function takersOf({ streams, families = [] }: Known, sink: string): string {
  const fixed = Object.entries(streams).flatMap(([id, { onlyTo }]) => (onlyTo?.includes(sink) ? [id] : []));
  return [...families.flatMap(({ shown, kind: { onlyTo } }) => (onlyTo?.includes(sink) ? [shown] : [])), ...fixed].join(', ');
}
