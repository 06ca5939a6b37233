import type { Secret } from '../secrets/secret.js';

/** What a run needs settings for. A setting is required only when a need asks for it. */
export const NEEDS = [
  'spotify',
  'ticketmaster',
  'raw',
  'processed',
  'stream',
  'state',
  'aws',
  'bronze',
  'postgres',
  'payments',
  'shipments',
] as const;
export type Need = (typeof NEEDS)[number];

/** Groups of settings that are there only when all of their required ones are set: always, for a need that was asked for. */
export interface NeededSettings {
  spotify: { readonly clientId: Secret; readonly clientSecret: Secret };
  ticketmaster: { readonly apiKey: Secret };
  /** The bucket of landing, raw, dead letters and state. */
  raw: { readonly bucket: string };
  processed: { readonly bucket: string };
  /** The bucket of bronze data, and of what its jobs keep of their runs. */
  bronze: { readonly bucket: string };
  postgres: DatabaseSettings;
  payments: ApiSettings;
  shipments: ApiSettings;
  aws: { readonly region: string };
}

/** How a database is reached. */
export interface DatabaseSettings {
  /** `RDS_SECRET_ARN`: JSON with host, port, database, username, password; else `DATABASE_URL`, `kind: 'plain'`. */
  readonly connection: Secret;
  /** `verify`: TLS, with the server's certificate checked · `no-verify`: TLS with whoever answers · `off`. Undefined: what the URL says, else `verify`. */
  readonly tls: 'verify' | 'no-verify' | 'off' | undefined;
  /** The authorities that certificates are checked by: `rds` or the path of a PEM file. Undefined: what the URL says, else the host's own. */
  readonly ca: string | undefined;
}

/** An API behind API Gateway. */
export interface ApiSettings {
  /** Of the list itself, without a slash at the end. */
  readonly url: string;
  readonly apiKey: Secret;
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
  /** Whether the command prints the metrics of a run for CloudWatch. */
  readonly metrics: boolean;
  readonly logLevel: LogLevel;
  /** `S3_BUCKET_NAME`, else the raw bucket, else undefined. */
  readonly logBucket: string | undefined;
  /** Of bronze jobs whose caller doesn't say it. Undefined: incremental. */
  readonly loadType: 'full' | 'incremental' | undefined;
  /** One line each: names that look like mistyped settings. */
  readonly warnings: readonly string[];
  /** Every setting, masked, for `--print-config`. */
  readonly printable: readonly PrintableSetting[];
}

type GroupsOf<N extends Need> =
  (N extends Group ? N : never) | (N extends 'raw' | 'processed' | 'bronze' | 'stream' | 'state' | 'aws' ? 'aws' : never);

/**
 * Validated settings. Groups that were asked for as literal needs are certain to be there; with needs known only at run time
 * (`Need[]`) every group may be undefined: `needed(settings, 'spotify')` gives it or throws.
 */
export type Settings<N extends Need = Need> = CommonSettings &
  Partial<NeededSettings> &
  ([Need] extends [N] ? unknown : Pick<NeededSettings, GroupsOf<N>>);
