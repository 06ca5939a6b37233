import type { GivenNames } from '../names.js';

/** One environment of `loadin.environments.yaml`, with every default filled in. */
export interface EnvironmentSettings {
  /** `dev`, `staging`, `prod`. */
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** Data is kept whatever happens to the stacks, and no command deletes it. Default: true for `prod`, else false. */
  readonly production: boolean;
  readonly suffix: string;
  readonly names: Partial<GivenNames>;
  /** The jobs file, as a path relative to the environments file. Default: undefined, the built-in one. */
  readonly jobsFile: string | undefined;
  readonly retention: Retention;
  readonly sizes: Sizes;
  readonly schedules: ScheduleSettings;
  readonly bronze: BronzeSettings;
  /** Jobs that run in a container, because they may take more than 15 minutes. Default: none. */
  readonly tasks: readonly string[];
  readonly network: NetworkSettings | undefined;
  readonly alarms: { readonly email: string | undefined };
  /** Traces of runs by OpenTelemetry, sent to X-Ray, which traces functions and the state machine too. Default: false. */
  readonly tracing: boolean;
  /** A CloudTrail of every read and write of the lake's objects, which costs money for each. Default: false. */
  readonly dataEvents: boolean;
  /** What `loadin-setup ddl --json` said of the lake, as a path relative to the environments file: the tables of entities. Default: undefined */
  readonly catalogueFile: string | undefined;
  /** The Glue databases `bronze`, `raw` and `logs`: once in an account and region. Default: true. */
  readonly catalogue: boolean;
}

/** How long things are kept. */
export interface Retention {
  /** Of the logs of functions and containers. Default: 30 */
  readonly logDays: number;
  /** Of the access logs of buckets. Default: 365 */
  readonly accessLogDays: number;
  /** Of pages as received, so of what a replay can deliver again. Default: 90 */
  readonly landingDays: number;
  /** Of objects that were replaced or deleted. Default: 30 */
  readonly noncurrentDays: number;
  /** Of batches that the consumer gave up. Default: 30 */
  readonly failedBatchDays: number;
  /** Of records on the stream: 24 to 8760. Default: 24 */
  readonly streamHours: number;
  /** Days until raw, bronze and processed data, and access logs, go to Glacier Instant Retrieval, which reads as fast and is billed for 90 days. */
  readonly glacierAfterDays: { readonly raw: number; readonly bronze: number; readonly processed: number; readonly logs: number };
}

/** How large things are. */
export interface Sizes {
  /** Of the function that reads APIs. Default: 512 */
  readonly ingestionMemoryMb: number;
  /** Of the function that loads entities. Default: 2048 */
  readonly bronzeMemoryMb: number;
  /** Of the function that reads the stream. Default: 512 */
  readonly consumerMemoryMb: number;
  /** Shards of the stream; 0: on demand. Default: 1 */
  readonly streamShards: number;
  /** Records that the consumer gets at once. Default: 100, and at most those of 5 seconds */
  readonly consumerBatch: number;
  /** Of a container: 1024 is one vCPU. Default: 1024 */
  readonly taskCpu: number;
  readonly taskMemoryMb: number;
}

export interface ScheduleSettings {
  /** Default: true */
  readonly enabled: boolean;
  /** A run may begin so many minutes after its time; its scheduled time stays. Default: 5 */
  readonly flexibleMinutes: number;
  /** `state_machine`: slices in parallel, goes on after deadlines and quotas · `function`: one invocation. Default: `state_machine` */
  readonly start: 'state_machine' | 'function';
}

/** Where entities of APIs come from. Keys and the connection of the database are secrets, with the names of `ResourceNames`. */
export interface BronzeSettings {
  readonly paymentsApiUrl: string | undefined;
  readonly shipmentsApiUrl: string | undefined;
}

/** Where functions and containers run that read a database. */
export type NetworkSettings =
  /** A VPC of Loadin's own, which the stack `network` makes; `nat`: with a way out to APIs. */
  | { readonly kind: 'create'; readonly cidr: string; readonly nat: boolean }
  /** One that is there, with private subnets and a security group that may reach the database. */
  | { readonly kind: 'existing'; readonly vpcId: string; readonly subnetIds: readonly string[]; readonly securityGroupIds: readonly string[] };
