import type { EnvironmentSettings, NetworkSettings } from './types.js';

/** An environment as it stands in the file, checked. */
export interface EnvironmentData {
  readonly account: string;
  readonly region: string;
  readonly production?: boolean;
  readonly suffix?: string;
  readonly names?: Partial<Record<'raw_bucket' | 'bronze_bucket' | 'processed_bucket' | 'stream' | 'checkpoint_table', string>>;
  readonly jobs_file?: string;
  readonly retention?: Partial<
    Record<'log_days' | 'access_log_days' | 'landing_days' | 'noncurrent_days' | 'failed_batch_days' | 'stream_hours', number>
  > & { readonly glacier_after_days?: Partial<Record<'raw' | 'bronze' | 'processed' | 'logs', number>> };
  readonly sizes?: Partial<
    Record<
      'ingestion_memory_mb' | 'bronze_memory_mb' | 'consumer_memory_mb' | 'stream_shards' | 'consumer_batch' | 'task_cpu' | 'task_memory_mb',
      number
    >
  >;
  readonly schedules?: { readonly enabled?: boolean; readonly flexible_minutes?: number; readonly start?: 'state_machine' | 'function' };
  readonly bronze?: { readonly payments_api_url?: string; readonly shipments_api_url?: string };
  readonly tasks?: readonly string[];
  readonly network?: {
    readonly cidr?: string;
    readonly nat?: boolean;
    readonly vpc_id?: string;
    readonly subnet_ids?: readonly string[];
    readonly security_group_ids?: readonly string[];
  };
  readonly alarms?: { readonly email?: string };
  readonly tracing?: boolean;
  readonly data_events?: boolean;
  readonly catalogue?: boolean;
  readonly catalogue_file?: string;
}

/** Fills in the defaults; they are written down at `EnvironmentSettings`. */
export function completeEnvironment(name: string, data: EnvironmentData): EnvironmentSettings {
  const { names = {}, retention = {}, sizes = {}, schedules = {}, bronze } = data;
  const { glacier_after_days: glacier = {} } = retention;
  return {
    name,
    account: data.account,
    region: data.region,
    production: data.production ?? name === 'prod',
    suffix: data.suffix ?? '',
    names: given({
      rawBucket: names.raw_bucket,
      bronzeBucket: names.bronze_bucket,
      processedBucket: names.processed_bucket,
      stream: names.stream,
      checkpointTable: names.checkpoint_table,
    }),
    jobsFile: data.jobs_file,
    retention: {
      logDays: retention.log_days ?? 30,
      accessLogDays: retention.access_log_days ?? 365,
      landingDays: retention.landing_days ?? 90,
      noncurrentDays: retention.noncurrent_days ?? 30,
      failedBatchDays: retention.failed_batch_days ?? 30,
      streamHours: retention.stream_hours ?? 24,
      glacierAfterDays: { raw: glacier.raw ?? 90, bronze: glacier.bronze ?? 180, processed: glacier.processed ?? 180, logs: glacier.logs ?? 90 },
    },
    sizes: {
      ingestionMemoryMb: sizes.ingestion_memory_mb ?? 512,
      bronzeMemoryMb: sizes.bronze_memory_mb ?? 2048,
      consumerMemoryMb: sizes.consumer_memory_mb ?? 512,
      streamShards: sizes.stream_shards ?? 1,
      consumerBatch: sizes.consumer_batch ?? 100,
      taskCpu: sizes.task_cpu ?? 1024,
      taskMemoryMb: sizes.task_memory_mb ?? 2048,
    },
    schedules: {
      enabled: schedules.enabled ?? true,
      flexibleMinutes: schedules.flexible_minutes ?? 5,
      start: schedules.start ?? 'state_machine',
    },
    bronze: { paymentsApiUrl: bronze?.payments_api_url, shipmentsApiUrl: bronze?.shipments_api_url },
    tasks: data.tasks ?? [],
    network: networkOf(data.network),
    alarms: { email: data.alarms?.email },
    tracing: data.tracing ?? false,
    dataEvents: data.data_events ?? false,
    catalogueFile: data.catalogue_file,
    catalogue: data.catalogue ?? true,
  };
}

function networkOf(network: EnvironmentData['network']): NetworkSettings | undefined {
  if (network === undefined) return undefined;
  const { cidr, nat = false, vpc_id: vpcId = '', subnet_ids: subnetIds = [], security_group_ids: securityGroupIds = [] } = network;
  return cidr === undefined ? { kind: 'existing', vpcId, subnetIds, securityGroupIds } : { kind: 'create', cidr, nat };
}

function given<T extends object>(values: { [K in keyof T]: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}
