import type { JobDefinition, Settings } from '@loadin/config';
import type { JobStream, Sink } from '@loadin/pipeline';
import { normalizerFor, SCHEMA_VERSIONS } from '@loadin/transforms';
import type { AwsConnections } from './aws-connections.js';
import { sinkKind } from './sinks.js';
import { openSources } from './sources.js';
import { dataTypeOf, isEntity } from './stream-facts.js';
import type { OpenStreams, StreamParts } from './stream-parts.js';

/** Streams whose records go through a transform to the sinks of their job. */
export async function openRecordStreams(
  definition: JobDefinition,
  { settings, aws, secrets, clock, dryRun, changes, state }: StreamParts,
): Promise<OpenStreams> {
  const sources = openSources({ settings, secrets, clock, state });
  try {
    const sinks = await openSinks(definition, settings, aws, dryRun);
    const streams: JobStream[] = [];
    for (const wanted of definition.streams) {
      if (isEntity(wanted)) continue;
      const dataType = dataTypeOf(wanted);
      const index = await changes.of(wanted);
      streams.push({
        stream: await sources.stream(wanted, index?.changedDays),
        transform: normalizerFor(dataType),
        sinks,
        maxRejected: wanted.options.max_rejected,
        schemaVersion: SCHEMA_VERSIONS[dataType],
        ...(index && { onAccepted: index.see }),
      });
    }
    return { streams, close: sources.close };
  } catch (error) {
    await sources.close();
    throw error;
  }
}

async function openSinks({ sinks, sinkOptions }: JobDefinition, settings: Settings, aws: AwsConnections, dryRun: boolean): Promise<Sink[]> {
  return Promise.all(
    sinks.map(async (name) =>
      dryRun ? discardingSink(name, await sinkKind(name).layout?.(sinkOptions)) : sinkKind(name).create(settings, aws, sinkOptions),
    ),
  );
}

/** Stands in for a sink in a dry run: takes everything, keeps nothing, and is refused where that one would be. */
function discardingSink(name: string, layout: string | undefined): Sink {
  return {
    name,
    ...(layout !== undefined && { layout }),
    limits: { maxRecords: 5_000, maxBytes: 16_000_000 },
    write: async ({ records }) => ({ acks: records.map(() => ({ status: 'delivered' as const })), objects: [] }),
  };
}
