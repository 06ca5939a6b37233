import * as iam from 'aws-cdk-lib/aws-iam';
import type { JobDefinition } from '@loadin/config';
import { loadsEntities, sourcesOf } from '../lib/jobs.js';
import { arns } from '../lib/names.js';
import { acknowledgeStars } from './acknowledge.js';
import type { StackInput } from './types.js';

/** What jobs may do, and the resources in it that end in a star. */
export interface RunPermissions {
  readonly statements: readonly iam.PolicyStatement[];
  readonly stars: readonly string[];
}

/** Where runs of records read and write in the raw bucket. */
const RAW_PREFIXES = ['landing/*', 'raw/*', 'dead-letters/*', '_loadin/*'];
/** Where loads of entities do in the bronze bucket. */
const BRONZE_PREFIXES = ['data/bronze/*', 'dead-letters/*', '_loadin/*', 'logs/*'];
const LOGS = 'logs/*';

/** What these jobs have to be allowed, in a function or in a container: the calls that the apps' READMEs list, on what this environment has. */
export function runPermissions(input: StackInput, jobs: readonly JobDefinition[], jobsFileArn: string | undefined): RunPermissions {
  const entities = jobs.some(loadsEntities) ? entityPermissions(input) : logPermissions(input);
  const records = jobs.some((job) => !loadsEntities(job)) ? recordPermissions(input) : [];
  const statements = [...records, ...entities, ...commonPermissions(input, jobs, jobsFileArn)];
  const stars = statements.flatMap(({ resources }) => resources.filter((resource) => resource.endsWith('*')));
  return { statements, stars: [...new Set(stars)] };
}

/** The findings that follow from these permissions and are meant. */
export function acknowledgeRuns(role: iam.Role, { stars }: RunPermissions): void {
  acknowledgeStars(role, stars, 'Objects below one prefix of one bucket: their names are made when a run is planned.');
}

function recordPermissions({ environment, names }: StackInput): iam.PolicyStatement[] {
  return [
    allow('FindRaw', ['s3:ListBucket'], [arns.bucket(names.rawBucket)]),
    allow('RawObjects', ['s3:GetObject', 's3:PutObject'], objects(names.rawBucket, RAW_PREFIXES)),
    allow('Stream', ['kinesis:DescribeStreamSummary', 'kinesis:ListShards', 'kinesis:PutRecords'], [arns.stream(environment, names.stream)]),
  ];
}

/** Of runs of records alone: who loads entities may write everywhere in that bucket where Loadin does. */
function logPermissions({ names }: StackInput): iam.PolicyStatement[] {
  return [
    allow('FindLogs', ['s3:ListBucket'], [arns.bucket(names.bronzeBucket)]),
    allow('Logs', ['s3:GetObject', 's3:PutObject'], objects(names.bronzeBucket, [LOGS])),
  ];
}

function entityPermissions({ names }: StackInput): iam.PolicyStatement[] {
  return [
    allow('FindBronze', ['s3:ListBucket', 's3:ListBucketMultipartUploads'], [arns.bucket(names.bronzeBucket)]),
    allow('BronzeObjects', ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload'], objects(names.bronzeBucket, BRONZE_PREFIXES)),
  ];
}

function commonPermissions(
  { environment, names }: StackInput,
  jobs: readonly JobDefinition[],
  jobsFileArn: string | undefined,
): iam.PolicyStatement[] {
  const sources = sourcesOf(jobs);
  const { spotify, ticketmaster, database, apiKey } = names.secrets;
  const secrets = [
    ...(sources.has('spotify') ? [spotify] : []),
    ...(sources.has('ticketmaster') ? [ticketmaster] : []),
    ...(sources.has('postgres') ? [database] : []),
    ...(sources.has('payments') || sources.has('shipments') ? [apiKey] : []),
  ];
  // AWS adds a hyphen and six characters to a secret's name.
  const secretArns = secrets.map((name) => `${arns.secret(environment, name)}-??????`);
  return [
    allow('Checkpoints', ['dynamodb:DescribeTable', 'dynamodb:GetItem', 'dynamodb:PutItem'], [arns.table(environment, names.checkpointTable)]),
    ...(secretArns.length > 0 ? [allow('Credentials', ['secretsmanager:GetSecretValue'], secretArns)] : []),
    ...(jobsFileArn === undefined ? [] : [allow('JobsFile', ['s3:GetObject'], [jobsFileArn])]),
  ];
}

const allow = (sid: string, actions: string[], resources: string[]): iam.PolicyStatement => new iam.PolicyStatement({ sid, actions, resources });
const objects = (bucket: string, prefixes: readonly string[]): string[] => prefixes.map((prefix) => arns.objects(bucket, prefix));
