/** Where an environment is, and what its names have that others' don't. */
export interface NamedPlace {
  /** `dev`, `staging`, `prod`: part of the names of stacks, and of nothing else. */
  readonly environment: string;
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  /** Behind every name, so that two environments fit into one account: `-dev`. Default: nothing. */
  readonly suffix?: string;
  /** Names that are there already, or that somebody wants otherwise. They get no suffix. */
  readonly names?: Partial<GivenNames>;
}

/** The names that may be chosen: those that settings of the apps name too. */
export interface GivenNames {
  /** `AWS_S3_BUCKET_RAW` */
  readonly rawBucket: string;
  /** `S3_BUCKET_NAME` */
  readonly bronzeBucket: string;
  /** `AWS_S3_BUCKET_PROCESSED` */
  readonly processedBucket: string;
  /** `AWS_KINESIS_STREAM_NAME` */
  readonly stream: string;
  /** `CHECKPOINT_STORE=dynamodb://…` */
  readonly checkpointTable: string;
}

/** Every name that Loadin gives to something on AWS. */
export interface ResourceNames extends GivenNames {
  /** Of the access logs of all buckets. */
  readonly logsBucket: string;
  /** Batches of the stream that the consumer gave up. */
  readonly failedBatchesBucket: string;
  /** Zips and templates while they are deployed. */
  readonly artifactsBucket: string;
  readonly ingestionFunction: string;
  readonly bronzeFunction: string;
  readonly consumerFunction: string;
  readonly stateMachine: string;
  readonly scheduleGroup: string;
  readonly scheduleDeadLetters: string;
  readonly taskScheduleGroup: string;
  readonly taskScheduleDeadLetters: string;
  readonly cluster: string;
  readonly taskFamily: string;
  readonly imageRepository: string;
  readonly alarmTopic: string;
  readonly dashboard: string;
  readonly trail: string;
  /** What the trail writes. */
  readonly trailBucket: string;
  readonly workgroup: string;
  readonly vpc: string;
  /** Parameters of Systems Manager in which the network's ids are found: unlike names, they are known only when it is there. */
  readonly subnetsParameter: string;
  readonly securityGroupParameter: string;
  /** Of the secrets that the settings are read from. */
  readonly secrets: { readonly spotify: string; readonly ticketmaster: string; readonly database: string; readonly apiKey: string };
}

/** What the apps take when no setting says otherwise: `@loadin/config` has the same. */
export const DEFAULT_STREAM = 'concert-data-stream';
export const DEFAULT_TABLE = 'loadin-checkpoints';

/**
 * The names of one environment. Stacks are wired by these and not by exports, so that each deploys alone, and commands find at run time what was deployed.
 * Names of buckets belong to the whole world: theirs end in account and region.
 */
export function resourceNames({ account, region, suffix = '', names = {} }: NamedPlace): ResourceNames {
  const own = (name: string): string => `${name}${suffix}`;
  const bucket = (purpose: string): string => `concert-data-${purpose}${suffix}-${account}-${region}`;
  return {
    rawBucket: names.rawBucket ?? bucket('raw'),
    bronzeBucket: names.bronzeBucket ?? bucket('bronze'),
    processedBucket: names.processedBucket ?? bucket('processed'),
    logsBucket: bucket('logs'),
    failedBatchesBucket: bucket('failed'),
    artifactsBucket: bucket('artifacts'),
    stream: names.stream ?? own(DEFAULT_STREAM),
    checkpointTable: names.checkpointTable ?? own(DEFAULT_TABLE),
    ingestionFunction: own('concert-data-ingestion'),
    bronzeFunction: own('concert-data-bronze'),
    consumerFunction: own('concert-data-processor'),
    stateMachine: own('loadin-run'),
    scheduleGroup: own('loadin-schedules'),
    scheduleDeadLetters: own('loadin-schedule-dead-letters'),
    taskScheduleGroup: own('loadin-task-schedules'),
    taskScheduleDeadLetters: own('loadin-task-schedule-dead-letters'),
    cluster: own('loadin'),
    taskFamily: own('loadin-cli'),
    imageRepository: own('loadin-cli'),
    alarmTopic: own('loadin-alarms'),
    dashboard: own('loadin'),
    trail: own('loadin-data-events'),
    trailBucket: bucket('trail'),
    workgroup: own('loadin'),
    vpc: own('loadin'),
    subnetsParameter: own('/loadin/network/subnets'),
    securityGroupParameter: own('/loadin/network/security-group'),
    // The suffix is in front: of a name that ends in a hyphen and six characters Secrets Manager would take these for its own.
    secrets: {
      spotify: `${own('loadin')}/spotify`,
      ticketmaster: `${own('loadin')}/ticketmaster`,
      database: `${own('loadin')}/database`,
      apiKey: `${own('loadin')}/api-key`,
    },
  };
}

/** `loadin-prod-storage`: the name of a stack in CloudFormation. */
export const stackName = (environment: string, stack: string): string => `loadin-${environment}-${stack}`;

/** The folder of a function's log in CloudWatch. */
export const functionLogGroup = (functionName: string): string => `/aws/lambda/${functionName}`;

/** ARNs of what has a name; partition `aws`. */
export const arns = {
  bucket: (name: string): string => `arn:aws:s3:::${name}`,
  objects: (bucket: string, prefix: string): string => `arn:aws:s3:::${bucket}/${prefix}`,
  stream: ({ account, region }: Pick<NamedPlace, 'account' | 'region'>, name: string): string =>
    `arn:aws:kinesis:${region}:${account}:stream/${name}`,
  table: ({ account, region }: Pick<NamedPlace, 'account' | 'region'>, name: string): string => `arn:aws:dynamodb:${region}:${account}:table/${name}`,
  function: ({ account, region }: Pick<NamedPlace, 'account' | 'region'>, name: string): string =>
    `arn:aws:lambda:${region}:${account}:function:${name}`,
  schedule: ({ account, region }: Pick<NamedPlace, 'account' | 'region'>, group: string): string =>
    `arn:aws:scheduler:${region}:${account}:schedule-group/${group}`,
  trail: ({ account, region }: Pick<NamedPlace, 'account' | 'region'>, name: string): string =>
    `arn:aws:cloudtrail:${region}:${account}:trail/${name}`,
  /** Every task of a cluster. */
  tasks: ({ account, region }: Pick<NamedPlace, 'account' | 'region'>, cluster: string): string =>
    `arn:aws:ecs:${region}:${account}:task/${cluster}/*`,
  topic: ({ account, region }: Pick<NamedPlace, 'account' | 'region'>, name: string): string => `arn:aws:sns:${region}:${account}:${name}`,
  stateMachine: ({ account, region }: Pick<NamedPlace, 'account' | 'region'>, name: string): string =>
    `arn:aws:states:${region}:${account}:stateMachine:${name}`,
  /** As settings name it; IAM sees it with a hyphen and six characters that AWS adds. https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html */
  secret: ({ account, region }: Pick<NamedPlace, 'account' | 'region'>, name: string): string =>
    `arn:aws:secretsmanager:${region}:${account}:secret:${name}`,
};

/** The alias by which everything calls a function: it points at the version that is deployed, and back at the one before when that fails. */
export const LIVE_ALIAS = 'live';
