import { silentLogger, silentMeter } from '@loadin/observability';
import type { SinkOptions } from '../../ports/sink.js';
import { readProgress } from '../../slices/progress.js';
import type { Stores } from '../stores.js';
import { readManifest } from './manifest.js';
import type { Prepared } from './prepare.js';
import { addressIn, sliceIn, type StreamOfRun } from './stream-of-run.js';
import type { RetryContext } from './types.js';

const MAX_PART = 99;
const QUIET: SinkOptions = { signal: new AbortController().signal, meter: silentMeter, logger: silentLogger };

/**
 * The part after all that the slice has or had: those of its run, of replays, and of the `manifests` that earlier retries have stored. Or why there is none.
 */
export async function freePart(
  of: StreamOfRun,
  ordinal: number,
  records: readonly Prepared[],
  manifests: number,
  { lake, state }: Stores,
  { sinkOf }: RetryContext,
): Promise<number | string> {
  const { sinks } = await readProgress(state, of.runId, of.stream.id, ordinal);
  const used = Object.values(sinks).map(({ parts }) => parts);
  /** A stream has no objects: what was sent there alone has taken no name. A sink that is gone may have. */
  const takesName = async (names: readonly string[]): Promise<boolean> => {
    for (const name of new Set(names)) {
      const sink = await sinkOf(name);
      if (sink === undefined || sink.replacing !== undefined) return true;
    }
    return false;
  };
  for (let number = 0; number < manifests; number += 1) {
    const manifest = await readManifest(lake, sliceIn(of, ordinal), number);
    if (manifest !== undefined && (await takesName(manifest.records.flatMap(({ sinks }) => sinks)))) used.push(manifest.part + 1);
  }
  const names = records.flatMap(({ record }) => record.sinks);
  for (const name of new Set(names)) {
    const { replacing } = (await sinkOf(name)) ?? {};
    const parts = (await replacing?.parts(addressIn(of, ordinal), QUIET)) ?? [];
    used.push((parts.at(-1) ?? -1) + 1);
  }
  const part = Math.max(0, ...used);
  return part > MAX_PART && (await takesName(names)) ? `slice ${ordinal} of its run has no free object name left (100 parts)` : part;
}
