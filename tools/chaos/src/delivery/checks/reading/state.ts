import type { Evidence, StateVersion } from '../../evidence.js';
import { isFields, type Fields } from './canonical.js';

/** How far a slice says that its sinks are. */
export interface Progress {
  readonly version: StateVersion;
  readonly runId: string;
  readonly stream: string;
  readonly slice: number;
  /** The item, without what it says about who holds it. */
  readonly value: Fields;
  readonly sinks: Readonly<Record<string, SinkProgress>>;
}

export interface SinkProgress {
  readonly parts: number;
  readonly delivered: number;
  readonly deadLettered: number;
  /** Indexes in batch number `parts` that are still to be sent. */
  readonly remaining: readonly number[] | undefined;
}

const PROGRESS = /^progress\/(?<run>[0-9a-f-]{36})\/(?<stream>[^/]+)\/(?<slice>\d+)$/;

/** Every progress that was saved for a run itself (replays have ids of their own), in order. */
export function progressOf({ state }: Evidence): readonly Progress[] {
  return state.flatMap((version) => {
    const { run: runId, stream, slice } = PROGRESS.exec(version.key)?.groups ?? {};
    if (runId === undefined || stream === undefined || version.value === undefined) return [];
    const value: Fields = version.value as Fields;
    const sinks = isFields(value['sinks']) ? value['sinks'] : {};
    const read = Object.entries(sinks).flatMap(([name, sink]) => (isFields(sink) ? [[name, sinkProgress(sink)] as const] : []));
    return [{ version, runId, stream, slice: Number(slice), value, sinks: Object.fromEntries(read) }];
  });
}

function sinkProgress({ parts, delivered, dead_lettered: dead, remaining }: Fields): SinkProgress {
  const left = Array.isArray(remaining) ? remaining.map(Number) : undefined;
  return { parts: Number(parts ?? 0), delivered: Number(delivered ?? 0), deadLettered: Number(dead ?? 0), remaining: left };
}

/** Who holds an item, as the item says. */
export interface Holding {
  /** `undefined`: nobody, it was given back. */
  readonly owner: string | undefined;
  readonly generation: number;
  readonly counter: number;
}

export function holdingOf({ value }: StateVersion): Holding | undefined {
  const lease = (value as Fields | undefined)?.['lease'];
  if (!isFields(lease)) return undefined;
  const { owner, generation, counter } = lease;
  return { owner: typeof owner === 'string' ? owner : undefined, generation: Number(generation), counter: Number(counter) };
}

/** The versions of each item, in order. */
export function byKey({ state }: Evidence): ReadonlyMap<string, readonly StateVersion[]> {
  const found = new Map<string, StateVersion[]>();
  for (const version of state) found.set(version.key, [...(found.get(version.key) ?? []), version]);
  return found;
}
