import type { JobDefinition } from '@loadin/config';
import type { LoadedStream } from '@loadin/pipeline';
import { createBronzeLoader } from '../bronze/create-loader.js';
import { createEncoderThreads } from '../bronze/encoder-threads.js';
import { createSharedRoom } from '../bronze/shared-room.js';
import type { BronzeContext } from '../bronze/types.js';
import { keepYoungSpaceSmall } from '../bronze/young-space.js';
import { lakeBucket } from '../job-needs.js';
import { writeSettings } from '../sinks.js';
import type { EntityStream } from '../stream-facts.js';
import type { OpenStreams, StreamParts } from '../stream-parts.js';
import { openEntities } from './open-entities.js';
import { referencesOf } from './references.js';
import { unsurveyed } from './unsurveyed.js';

/** Of what is written: the source's columns and four more, as schema files in the lake say by version. */
const BRONZE_VERSION = '1';

/** Streams that are loaded into bronze as a whole. Nothing is opened before one of them is surveyed or loaded. */
export async function openLoadedStreams(wanted: readonly EntityStream[], definition: JobDefinition, parts: StreamParts): Promise<OpenStreams> {
  const { settings, secrets, clock, state } = parts;
  const references = referencesOf(parts.wholeJob);
  const entities = openEntities({ settings, secrets, sinkOptions: definition.sinkOptions, clock, state });
  try {
    const context = await bronzeContext(definition, parts);
    const streams: LoadedStream[] = [];
    for (const one of wanted) {
      const { stream, entity } = await entities.open(one);
      const { max_rejected: maxRejected } = one.options;
      const referenced = entity.kind === 'table' ? { ...entity, keepKeys: references.isReferenced(one.id) } : entity;
      streams.push({
        ...{ stream: unsurveyed(stream), loader: createBronzeLoader(referenced, context), maxRejected, schemaVersion: BRONZE_VERSION },
        loadsAfter: references.before(one.id),
      });
    }
    return { streams, close: entities.close };
  } catch (error) {
    await entities.close();
    throw error;
  }
}

/** Rows that wait to be encoded, of one load: where its row groups end depends on it, and on nothing that is loaded beside it. */
const WINDOW_BYTES = 48 * 1024 * 1024;
/** Memory for them, of all loads together; the others wait on the disk. With all else, a second thread too, a process needs some 400 MB. */
const ROOM_BYTES = 32 * 1024 * 1024;

async function bronzeContext(definition: JobDefinition, { settings, aws, clock, dryRun, runState, encoder }: StreamParts): Promise<BronzeContext> {
  const bucket = lakeBucket(definition, settings);
  const kept = writeSettings(definition.sinkOptions.s3_bronze ?? {});
  const writer = { memoryBytes: WINDOW_BYTES };
  keepYoungSpaceSmall();
  const shared = { room: createSharedRoom(ROOM_BYTES), threads: createEncoderThreads(encoder) };
  return { client: await aws.s3(), bucket, state: runState, settings: kept, writer, ...shared, dryRun, clock };
}
