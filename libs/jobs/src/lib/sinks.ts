import { needed, type Need, type Settings, type SinkOptions } from '@loadin/config';
import { FatalError, type Sink } from '@loadin/pipeline';
import type { WriteSettings } from '@loadin/s3-sink';
import type { AwsConnections } from './aws-connections.js';
import { checkBucket, checkStream } from './preflight.js';

/** How objects are kept, as the jobs file says it and as sinks take it. */
export function writeSettings({
  kms_key: keyId,
  tags,
  storage_class: storageClass,
}: NonNullable<SinkOptions['s3_raw' | 's3_bronze']>): WriteSettings {
  return { ...(keyId !== undefined && { kms: { keyId } }), ...(tags && { tags }), ...(storageClass && { storageClass }) };
}

/** A sink that records are written to. What a loader writes has none: see `open-job.ts`. */
interface SinkKind {
  readonly need: Need;
  /** `options` are those of the jobs file. */
  create(settings: Settings, aws: AwsConnections, options: Readonly<SinkOptions>): Promise<Sink>;
  /** `Sink.layout`, for who stands in for it. */
  layout?(options: Readonly<SinkOptions>): Promise<string>;
  /** Asks whether the target is there, before anything is read. */
  check(settings: Settings, aws: AwsConnections): Promise<string>;
}

/** The sinks that a job can name. A new sink is one line here. */
const SINKS: Readonly<Record<string, SinkKind>> = {
  s3_raw: {
    need: 'raw',
    create: async (settings, aws, { s3_raw: options = {} }) => {
      const { createS3RawSink } = await import('./s3-parts.js');
      const { bucket } = needed(settings, 'raw');
      return createS3RawSink({ client: await aws.s3(), bucket, gzip: options.gzip, ...writeSettings(options) });
    },
    layout: async ({ s3_raw: { gzip } = {} }) => (await import('./s3-parts.js')).rawLayout({ gzip }),
    check: (settings, aws) => checkBucket(aws, needed(settings, 'raw').bucket),
  },
  kinesis: {
    need: 'stream',
    create: async (settings, aws) =>
      (await import('@loadin/kinesis-sink')).createKinesisSink({ client: await aws.kinesis(), streamName: settings.stream.name }),
    check: (settings, aws) => checkStream(aws, settings.stream.name),
  },
};

export const isSink = (name: string): boolean => Object.hasOwn(SINKS, name);

export function sinkKind(name: string): SinkKind {
  const kind = SINKS[name];
  if (kind === undefined) throw new FatalError(`There is no sink "${name}"`, { hint: `Known are: ${Object.keys(SINKS).join(', ')}.` });
  return kind;
}
