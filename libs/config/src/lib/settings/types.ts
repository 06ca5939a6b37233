import type { Secret } from '../secrets/secret.js';

/** What a run needs settings for. A setting is required only when a need asks for it. */
export const NEEDS = ['spotify', 'ticketmaster', 'raw', 'processed', 'stream', 'state', 'aws'] as const;
export type Need = (typeof NEEDS)[number];

/** Groups of settings that are there only when all of their required ones are set: always, for a need that was asked for. */
export interface NeededSettings {
  spotify: { readonly clientId: Secret; readonly clientSecret: Secret };
  ticketmaster: { readonly apiKey: Secret };
  /** The bucket of landing, raw, dead letters and state. */
  raw: { readonly bucket: string };
  processed: { readonly bucket: string };
  aws: { readonly region: string };
}
export type Group = keyof NeededSettings;

export type CheckpointStore =
  { readonly kind: 'dynamodb'; readonly table: string } | { readonly kind: 's3'; readonly bucket: string; readonly key: string };
export type JobsFileLocation =
  { readonly kind: 'file'; readonly path: string } | { readonly kind: 's3'; readonly bucket: string; readonly key: string };
export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/** One setting for people to read. */
export interface PrintableSetting {
  readonly name: string;
  /** `****` for a secret; empty when it is not set. */
  readonly value: string;
  /** `the environment`, the path of `.env`, `default` or `not set`. */
  readonly origin: string;
  readonly purpose: string;
}

/** The settings that have a value in any case. Addresses have no slash at the end. */
export interface CommonSettings {
  readonly endpoints: { readonly spotify: string; readonly spotifyAccounts: string; readonly ticketmaster: string; readonly aws: string | undefined };
  readonly http: {
    /** To each source; undefined: the source's own limit. */
    readonly requestsPerMinute: number | undefined;
    /** Further tries after the first. */
    readonly retryAttempts: number;
    readonly retryBackoffSeconds: number;
  };
  readonly stream: { readonly name: string; readonly shardCount: number };
  readonly state: CheckpointStore;
  /** Undefined: the built-in jobs file. */
  readonly jobsFile: JobsFileLocation | undefined;
  readonly job: string | undefined;
  readonly leaseSeconds: number;
  readonly logLevel: LogLevel;
  /** `S3_BUCKET_NAME`, else the raw bucket, else undefined. */
  readonly logBucket: string | undefined;
  readonly bronze: BronzeSettings;
  /** One line each: names that look like mistyped settings. */
  readonly warnings: readonly string[];
  /** Every setting, masked, for `--print-config`. */
  readonly printable: readonly PrintableSetting[];
}

export interface BronzeSettings {
  readonly bucket: string | undefined;
  readonly rdsSecretArn: string | undefined;
  readonly paymentsUrl: string | undefined;
  readonly shipmentsUrl: string | undefined;
  readonly apiKey: Secret | undefined;
  readonly paymentsSecretName: string | undefined;
  readonly loadType: 'full' | 'incremental' | undefined;
}

type GroupsOf<N extends Need> = (N extends Group ? N : never) | (N extends 'raw' | 'processed' | 'stream' | 'state' | 'aws' ? 'aws' : never);

/**
 * Validated settings. Groups that were asked for as literal needs are certain to be there; with needs known only at run time
 * (`Need[]`) every group may be undefined: `needed(settings, 'spotify')` gives it or throws.
 */
export type Settings<N extends Need = Need> = CommonSettings &
  Partial<NeededSettings> &
  ([Need] extends [N] ? unknown : Pick<NeededSettings, GroupsOf<N>>);
