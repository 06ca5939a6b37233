export type StorageClass = 'standard' | 'standard_ia' | 'glacier_instant' | 'glacier_flexible' | 'deep_archive';

/** Prices of one region in US dollars, for one unit each: one request, one GB, one hour. */
export interface Prices {
  readonly region: string;
  /** The day on which they were read from the pages, `YYYY-MM-DD`. */
  readonly as_of: string;
  readonly currency: 'USD';
  readonly s3: S3Prices;
  readonly kinesis: KinesisPrices;
  readonly lambda: LambdaPrices;
  readonly dynamodb: DynamoDbPrices;
  readonly stepFunctions: StepFunctionsPrices;
  readonly athena: AthenaPrices;
  readonly secretsManager: SecretsManagerPrices;
  readonly cloudWatch: CloudWatchPrices;
}

/** The page that the prices stand on. */
interface Sourced {
  readonly source: string;
}

/** The first `upTo` units of a month cost `price` each, those after them what the next tier says. */
export interface Tier {
  readonly upTo: number;
  readonly price: number;
}

export interface StorageClassPrices {
  readonly gbMonth: readonly Tier[];
  /** PUT, COPY, POST and LIST. */
  readonly put: number;
  readonly get: number;
  /** Moving one object into this class by a lifecycle rule. */
  readonly transition: number;
  /** Reading a GB. */
  readonly retrievalGb: number;
  /** A smaller object is charged as one of so many bytes. */
  readonly leastBytes: number;
  /** What an object takes besides itself: bytes in this class, and bytes of Standard. */
  readonly overheadBytes: { readonly here: number; readonly standard: number };
  /** An object that is removed earlier is charged for so long. */
  readonly leastDays: number;
}

export interface S3Prices extends Sourced {
  readonly classes: Readonly<Record<StorageClass, StorageClassPrices>>;
  /** Lifecycle rules leave smaller objects where they are, unless the bucket says otherwise (since September 2024). */
  readonly leastBytesMoved: number;
}

export interface KinesisPrices extends Sourced {
  readonly provisioned: {
    readonly shardHour: number;
    readonly payloadUnit: number;
    /** A payload unit is up to so many bytes of one record. */
    readonly payloadUnitBytes: number;
    /** Beyond 24 hours, up to 7 days. */
    readonly extendedShardHour: number;
    readonly fanOutShardHour: number;
    readonly fanOutGb: number;
  };
  readonly onDemand: {
    readonly streamHour: number;
    readonly gbIn: number;
    /** A record is rounded up to a multiple of so many bytes. */
    readonly roundedBytes: number;
    readonly gbOut: number;
    readonly fanOutGb: number;
    /** Beyond 24 hours, up to 7 days. */
    readonly extendedGbMonth: number;
  };
  /** Beyond 7 days, in both modes. */
  readonly longTermGbMonth: number;
}

export interface LambdaPrices extends Sourced {
  readonly request: number;
  readonly gbSecond: Readonly<Record<'x86' | 'arm', number>>;
  readonly provisioned: Readonly<Record<'x86' | 'arm', { readonly gbSecondKept: number; readonly gbSecond: number }>>;
  /** A month, for as long as there is an account; not for functions with provisioned concurrency. */
  readonly free: { readonly requests: number; readonly gbSeconds: number };
}

export interface DynamoDbPrices extends Sourced {
  /** Up to 1 KB. */
  readonly writeUnit: number;
  /** Up to 4 KB, strongly consistent. */
  readonly readUnit: number;
  readonly gbMonth: number;
  readonly pointInTimeGbMonth: number;
  readonly free: { readonly gbMonths: number };
}

export interface StepFunctionsPrices extends Sourced {
  readonly transition: number;
  readonly free: { readonly transitions: number };
}

export interface AthenaPrices extends Sourced {
  readonly tbScanned: number;
  /** A query that reads less is charged for so many bytes. */
  readonly leastBytes: number;
}

export interface SecretsManagerPrices extends Sourced {
  readonly secretMonth: number;
  readonly call: number;
}

export interface CloudWatchPrices extends Sourced {
  readonly logGb: number;
  readonly logGbMonth: number;
  /** Logs are kept compressed to about this share. */
  readonly logKeptShare: number;
  readonly metricMonth: number;
  readonly alarmMonth: number;
  readonly dashboardMonth: number;
  readonly free: { readonly logGb: number; readonly metrics: number; readonly alarms: number; readonly dashboards: number };
}
