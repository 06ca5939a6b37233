import type { RecordedCall } from '@loadin/local-aws';
import { CALLERS, type Call, type Target } from './types.js';

/** What the specifications of the apps call their resources. Others are there to be wrong: no deployment has them. */
const BUCKETS: Readonly<Record<string, Target>> = { 'raw-of-a-spec': 'raw', 'aws-ecom-pipeline': 'bronze', 'settings-of-a-spec': 'jobs-file' };
const SECRETS: Readonly<Record<string, string>> = {
  'ecom-rds-shop': 'database',
  'ecom-payments-api-key': 'apiKey',
  spotify: 'spotify',
  ticketmaster: 'ticketmaster',
  tm: 'ticketmaster',
};
const TABLES = ['loadin-checkpoints'];
const STREAMS = ['stream-of-a-spec'];

/** The kinds of calls in a record, each once and in order. */
export function summaryOf(records: readonly RecordedCall[]): Call[] {
  const lines = records.flatMap((record) => {
    const call = callOf(record);
    return call === undefined ? [] : [JSON.stringify(call)];
  });
  return [...new Set(lines)].sort().map((line) => JSON.parse(line) as Call);
}

function callOf(record: RecordedCall): Call | undefined {
  const caller = CALLERS.find((one) => one === record.app);
  const target = caller && targetOf(record);
  if (target === undefined) return undefined;
  const folder = target === 'jobs-file' ? undefined : folderOf(record);
  return {
    ...{ caller, service: record.service, operation: record.operation, target },
    ...(folder && { folder }),
    ...(record.version && { version: true }),
    ...(record.ifMatch && { ifMatch: true }),
    // Whether a jobs file is missing need not be told from whether it may be read.
    ...(record.missing && target !== 'jobs-file' && { missing: true }),
  } as Call;
}

function targetOf({ service, bucket = '', key = '', prefix = '', resource = '' }: RecordedCall): Target | undefined {
  if (service === 'dynamodb') return TABLES.includes(resource) ? 'table' : undefined;
  if (service === 'kinesis') return STREAMS.includes(resource) ? 'stream' : undefined;
  if (service === 'secretsmanager') return `secret:${secretOf(resource)}`;
  if (service !== 's3') return undefined;
  // A deployed app has its logs in the bucket of entities; in a specification with one bucket they lie in that.
  if (`${key}${prefix}`.startsWith('logs/')) return BUCKETS[bucket] && 'logs';
  if (key !== '' && !key.includes('/')) return 'jobs-file';
  return BUCKETS[bucket];
}

/** @throws for one that is not known: a policy has to be held against it */
function secretOf(resource: string): string {
  const name = /:secret:(?:.*\/)?([\w-]+?)(?:-\w{6})?$/.exec(resource)?.[1] ?? resource;
  const known = SECRETS[name];
  if (known === undefined) throw new Error(`Whose secret is ${name}? Say it in SECRETS.`);
  return known;
}

function folderOf({ service, key, prefix, leadingKey }: RecordedCall): string | undefined {
  if (service === 'dynamodb') return leadingKey?.split('/')[0];
  return (key ?? prefix)?.split('/').slice(0, 2).join('/');
}
