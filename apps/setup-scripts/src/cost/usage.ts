import {
  afterLifecycle,
  DAYS_PER_MONTH,
  GB,
  HOURS_PER_DAY,
  KB,
  MB,
  type Lifecycle,
  type Prices,
  type S3Month,
  type StorageClass,
  type Stored,
  type Usage,
} from '@loadin/costs';
import { STATES_ENTERED } from '@loadin/infrastructure';
import { landingDays } from '../resources/lifecycle.js';
import type { CostOptions } from './options.js';
import type { DailyVolumes } from './volumes.js';

export interface UsageContext {
  readonly options: CostOptions;
  readonly prices: Prices;
  /** Of the settings. */
  readonly shards: number;
}

/** What is assumed where neither reports nor options say anything; each is listed under the table. */
export const ASSUMED = {
  keepDays: 365,
  memoryMb: 512,
  queriesPerDay: 10,
  scannedPerQuery: 100 * MB,
  logBytesPerRun: 200 * KB,
  /** Enhanced monitoring as `loadin-setup create` switches it on. */
  metricsPerShard: 4,
  /** In the namespace ConcertDataPipeline, each name with its dimensions, and alarms: of the jobs that are built in. */
  metrics: 54,
  alarms: 28,
  secrets: 4,
  consumer: { recordsPerCall: 100, secondsPerCall: 0.1 },
  stateBytesPerRun: 10 * KB,
  /** The built-in daily job has two: venues read what events land. */
  wavesPerRun: 2,
  /** Starting the runtime and loading the bundle, which is charged like the rest since August 2025. https://aws.amazon.com/blogs/compute/aws-lambda-standardizes-billing-for-init-phase/ */
  coldStartSeconds: 0.5,
} as const;

/** A month of 30 such days. */
export function usageOf(daily: DailyVolumes, context: UsageContext): Usage {
  const { options } = context;
  const runs = daily.runs * DAYS_PER_MONTH;
  const keepDays = options.keepDays ?? ASSUMED.keepDays;
  return {
    s3: storageOf(daily, context),
    ...(daily.streamRecords > 0 && { kinesis: streamOf(daily, context) }),
    lambda: functionsOf(daily, options),
    dynamodb: {
      writeUnits: daily.writeUnits * DAYS_PER_MONTH,
      readUnits: daily.readUnits * DAYS_PER_MONTH,
      storedBytes: daily.runs * keepDays * ASSUMED.stateBytesPerRun,
    },
    ...(options.stateMachine === true && {
      stepFunctions: {
        executions: runs,
        transitions: STATES_ENTERED.trigger + STATES_ENTERED.run + ASSUMED.wavesPerRun * STATES_ENTERED.wave,
        children: { workflows: daily.slices / daily.runs, transitions: STATES_ENTERED.slice },
      },
    }),
    athena: {
      queries: (options.queriesPerDay ?? ASSUMED.queriesPerDay) * DAYS_PER_MONTH,
      bytesPerQuery: options.scannedPerQuery ?? ASSUMED.scannedPerQuery,
    },
    secretsManager: { secrets: ASSUMED.secrets, calls: runs * ASSUMED.secrets },
    cloudWatch: {
      logBytes: runs * ASSUMED.logBytesPerRun,
      metrics: ASSUMED.metrics + (daily.streamRecords > 0 && options.mode !== 'on_demand' ? ASSUMED.metricsPerShard * shardsOf(context) : 0),
      alarms: ASSUMED.alarms,
    },
  };
}

const shardsOf = ({ options, shards }: UsageContext): number => options.shards ?? shards;

/** The records of a month as Kinesis sees them, for the usage and for what is recommended. */
export const recordsOf = (daily: DailyVolumes, { retention, readers, fanOut }: CostOptions) => ({
  records: daily.streamRecords * DAYS_PER_MONTH,
  recordBytes: daily.recordBytes,
  hours: DAYS_PER_MONTH * HOURS_PER_DAY,
  retentionHours: retention ?? 24,
  readers: readers ?? 1,
  fanOutConsumers: fanOut ?? 0,
});

function streamOf(daily: DailyVolumes, context: UsageContext): NonNullable<Usage['kinesis']> {
  const month = recordsOf(daily, context.options);
  return context.options.mode === 'on_demand' ? { mode: 'on_demand', ...month } : { mode: 'provisioned', shards: shardsOf(context), ...month };
}

/**
 * The ingestion's calls and, when there is a stream, the consumer's, which has the same memory here. A schedule's calls come minutes or hours apart: each is taken to
 * start a function anew, which those of the consumer hardly ever do.
 */
function functionsOf(daily: DailyVolumes, options: CostOptions): NonNullable<Usage['lambda']> {
  const { memory = ASSUMED.memoryMb, provisionedConcurrency = 0, stateMachine = false } = options;
  const { recordsPerCall, secondsPerCall } = ASSUMED.consumer;
  const consumed = (daily.streamRecords * DAYS_PER_MONTH) / recordsPerCall;
  // A state machine plans and finishes each run with a call, and reads each slice with another one.
  const calls = (stateMachine ? daily.runs * 2 + daily.slices : daily.runs) * DAYS_PER_MONTH;
  const cold = provisionedConcurrency > 0 ? 0 : calls * ASSUMED.coldStartSeconds;
  return {
    requests: calls + consumed,
    seconds: daily.seconds * DAYS_PER_MONTH + cold + consumed * secondsPerCall,
    memoryGb: (memory * MB) / GB,
    ...(provisionedConcurrency > 0 && { provisioned: { instances: provisionedConcurrency, seconds: DAYS_PER_MONTH * 86_400 } }),
  };
}

function storageOf(daily: DailyVolumes, { options, prices }: UsageContext): S3Month {
  const days = options.keepDays ?? ASSUMED.keepDays;
  const life = (put: DailyVolumes['lake'], more: Partial<Lifecycle>) =>
    afterLifecycle({ bytesPerDay: put.bytes, objectsPerDay: put.objects, days, ...more }, prices.s3);
  const glacier = options.glacierAfter === undefined ? [] : [{ afterDays: options.glacierAfter, to: 'glacier_flexible' as const }];
  const [landing, lake] = [life(daily.landing, { expireAfterDays: landingDays }), life(daily.lake, { transitions: glacier })];
  return {
    stored: addStored(landing.stored ?? {}, lake.stored ?? {}),
    ...(lake.moved && { moved: lake.moved }),
    puts: daily.s3Puts * DAYS_PER_MONTH,
    gets: daily.s3Gets * DAYS_PER_MONTH,
  };
}

type StoredByClass = Partial<Record<StorageClass, Stored>>;

function addStored(one: StoredByClass, other: StoredByClass): StoredByClass {
  const sum: StoredByClass = { ...one };
  for (const [name, { bytes, objects }] of Object.entries(other) as [StorageClass, Stored][])
    sum[name] = { bytes: bytes + (sum[name]?.bytes ?? 0), objects: objects + (sum[name]?.objects ?? 0) };
  return sum;
}
