import { listOf, oneOf, schemaOf, text, whole, yesNo, type Fields, type JsonSchema } from './rules.js';

/** The retention periods that CloudWatch Logs knows. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const LOG_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653] as const;
/** What Fargate offers. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html */
const TASK_CPU = [256, 512, 1024, 2048, 4096, 8192, 16384] as const;

const BUCKET = text('^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$', 'a bucket name, such as concert-data-raw');
const URL = text('^https?://[^\\s?#@]+$', 'an http(s) address without query or credentials');
const OCTET = '(25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const days = whole(1, 36_500);
const memory = whole(128, 10_240);

const names: Fields = {
  raw_bucket: { description: 'Landing, raw, dead letters (AWS_S3_BUCKET_RAW).', rule: BUCKET },
  bronze_bucket: { description: 'Bronze data and logs (S3_BUCKET_NAME).', rule: BUCKET },
  processed_bucket: { description: 'Processed data and the results of queries (AWS_S3_BUCKET_PROCESSED).', rule: BUCKET },
  stream: { description: 'The stream (AWS_KINESIS_STREAM_NAME).', rule: text('^[a-zA-Z0-9_.-]{1,128}$', 'a stream name of letters, digits, _ . -') },
  checkpoint_table: {
    description: 'The checkpoint table (CHECKPOINT_STORE).',
    rule: text('^[a-zA-Z0-9_.-]{3,255}$', 'a table name of letters, digits, _ . -'),
  },
};

const retention: Fields = {
  log_days: { description: 'Logs of functions and containers. Default: 30.', rule: oneOf(...LOG_DAYS) },
  access_log_days: { description: 'Access logs of buckets. Default: 365.', rule: days },
  landing_days: { description: 'Pages as received, so what a replay can deliver again. Default: 90.', rule: days },
  noncurrent_days: { description: 'Objects that were replaced or deleted. Default: 30.', rule: days },
  failed_batch_days: { description: 'Batches that the consumer gave up. Default: 30.', rule: days },
  stream_hours: { description: 'Records on the stream. Default: 24.', rule: whole(24, 8760) },
  glacier_after_days: {
    description: 'Until data goes to Glacier Instant Retrieval.',
    fields: {
      raw: { description: 'Default: 90.', rule: days },
      bronze: { description: 'Default: 180.', rule: days },
      processed: { description: 'Default: 180.', rule: days },
      logs: { description: 'Access logs. Default: 90.', rule: days },
    },
  },
};

const sizes: Fields = {
  ingestion_memory_mb: { description: 'Of the function that reads APIs. Default: 512.', rule: memory },
  bronze_memory_mb: { description: 'Of the function that loads entities. Default: 2048.', rule: memory },
  consumer_memory_mb: { description: 'Of the function that reads the stream. Default: 512.', rule: memory },
  stream_shards: { description: 'Shards of the stream; 0: on demand. Default: 1.', rule: whole(0, 10_000) },
  consumer_batch: { description: 'Records that the consumer gets at once. Default: 100.', rule: whole(1, 10_000) },
  task_cpu: { description: 'Of a container; 1024 is one vCPU. Default: 1024.', rule: oneOf(...TASK_CPU) },
  task_memory_mb: { description: 'Of a container. Default: 2048.', rule: whole(512, 122_880) },
};

const id = (prefix: string): ReturnType<typeof text> => text(`^${prefix}-[0-9a-f]{8,17}$`, `an id such as ${prefix}-0123456789abcdef0`);

const environment: Fields = {
  account: { description: 'The AWS account, in quotes.', required: true, rule: text('^\\d{12}$', 'an account of twelve digits in quotes') },
  region: {
    description: 'The AWS region.',
    required: true,
    rule: text('^(?!us-gov|us-iso|cn)[a-z]{2}(-[a-z]+)+-\\d$', 'an AWS region outside of China and GovCloud, such as us-east-1'),
  },
  production: { description: 'Data is kept whatever happens, and no command deletes it. Default: true for prod, else false.', rule: yesNo },
  suffix: {
    description: 'Behind every name, so that two environments fit into one account. Default: nothing.',
    rule: text('^-[a-z0-9]{1,12}$', 'a hyphen and up to 12 small letters and digits, such as -dev'),
  },
  names: { description: 'Names that are there already, or that you want otherwise; they get no suffix.', fields: names },
  jobs_file: { description: 'The jobs file, relative to this file. Default: the built-in one.', rule: text('\\S', 'a path') },
  retention: { description: 'How long things are kept.', fields: retention },
  sizes: { description: 'How large things are.', fields: sizes },
  schedules: {
    description: 'How the schedules of the jobs file are kept.',
    fields: {
      enabled: { description: 'Default: true.', rule: yesNo },
      flexible_minutes: { description: 'A run may begin so many minutes after its time; 0: at once. Default: 5.', rule: whole(0, 60) },
      start: {
        description: 'state_machine: slices in parallel, goes on by itself. function: one invocation. Default: state_machine.',
        rule: oneOf('state_machine', 'function'),
      },
    },
  },
  bronze: {
    description: 'Where the entities of APIs come from, for jobs with the sink s3_bronze.',
    fields: {
      payments_api_url: { description: 'The payments API.', rule: URL },
      shipments_api_url: { description: 'The shipments API.', rule: URL },
    },
  },
  tasks: {
    description: 'Jobs that run in a container, because they may take more than 15 minutes. Default: none.',
    rule: listOf(text('^[a-z][a-z0-9_]{0,63}$', 'a job'), 'a list of names of jobs'),
  },
  network: {
    description: 'Where what reads a database runs: a VPC of its own (cidr), or one that is there. Default: outside of any.',
    fields: {
      cidr: {
        description: 'Addresses of a VPC that is made.',
        rule: text(`^(${OCTET}\\.){3}${OCTET}/(1[6-9]|2[0-4])$`, 'an address and a size from /16 to /24, such as 10.40.0.0/20'),
      },
      nat: { description: 'Whether the VPC that is made has a way out, which payments and shipments may need. Default: false.', rule: yesNo },
      vpc_id: { description: 'A VPC that is there.', rule: id('vpc') },
      subnet_ids: { description: 'Its private subnets.', rule: listOf(id('subnet'), 'a list of ids such as subnet-0123456789abcdef0') },
      security_group_ids: {
        description: 'Groups that may reach the database.',
        rule: listOf(id('sg'), 'a list of ids such as sg-0123456789abcdef0'),
      },
    },
  },
  alarms: {
    description: 'Who is told.',
    fields: {
      email: { description: 'An address that confirms its subscription.', rule: text('^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$', 'an e-mail address') },
    },
  },
  tracing: { description: 'Traces by OpenTelemetry, sent to X-Ray. Default: false.', rule: yesNo },
  data_events: { description: "CloudTrail's record of every read and write of objects, which costs money for each. Default: false.", rule: yesNo },
  catalogue_file: {
    description:
      'What loadin-setup ddl --json said of the lake, relative to this file: the tables of entities. Default: tables of raw and of logs alone.',
    rule: text('\\S', 'a path'),
  },
  catalogue: { description: 'The Glue databases bronze, raw and logs: once in an account and region. Default: true.', rule: yesNo },
};

/** The fields of `loadin.environments.yaml`. */
export const FILE: Fields = {
  version: { description: 'The version of this format.', required: true, rule: oneOf(1) },
  environments: {
    description: 'The environments, by name.',
    required: true,
    named: { pattern: '^[a-z][a-z0-9]{0,11}$', expected: 'up to 12 small letters and digits, a letter first', fields: environment },
  },
};

/** The JSON schema of `loadin.environments.yaml`, for editors, by the rules that `parseEnvironments` applies. */
export function environmentsSchema(): JsonSchema {
  return { $schema: 'http://json-schema.org/draft-07/schema#', title: 'loadin.environments.yaml', ...schemaOf(FILE) };
}
