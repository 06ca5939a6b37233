import type { LocalAwsOptions } from '@loadin/local-aws';
import { startChild, type Child } from '../child.js';

export interface AwsServerSettings {
  /** What a shard takes. Default: what AWS's do. */
  readonly shardLimits?: NonNullable<NonNullable<LocalAwsOptions['kinesis']>['limits']>;
  /** Before every call is looked at. Default 0. */
  readonly latencyMs?: number;
}

/** What the server says when it is ready. */
export interface AwsServer {
  readonly url: string;
}

/** Shards that take whatever comes. */
export const UNLIMITED: NonNullable<AwsServerSettings['shardLimits']> = { recordsPerShardSecond: 1e9, bytesPerShardSecond: 1e12 };

/** The local AWS, in a process of its own. */
export const startAws = (settings: AwsServerSettings = {}): Child<AwsServer> =>
  startChild<AwsServer>(new URL('./aws-server.child.js', import.meta.url).pathname, { args: [JSON.stringify(settings)] });

/** Of clients; not secret: the server looks at no key. */
export const connectionTo = (endpoint: string, maxAttempts = 3) => ({
  region: 'us-east-1',
  endpoint,
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  maxAttempts,
});
