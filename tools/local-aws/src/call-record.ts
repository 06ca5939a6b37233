import { appendFileSync } from 'node:fs';
import type { Call } from './gateway/call.js';
import type { Incoming } from './gateway/incoming.js';
import type { ServiceName } from './faults.js';

/** One call as it needs permissions; a line of the file that `LOADIN_RECORD_CALLS` names. */
export interface RecordedCall {
  /** What the client calls itself: `AWS_SDK_UA_APP_ID` of its process. */
  readonly app: string;
  readonly service: ServiceName;
  readonly operation: string;
  readonly bucket?: string;
  readonly key?: string;
  /** Name of a stream, table or secret. */
  readonly resource?: string;
  /** Of a listing. */
  readonly prefix?: string;
  /** Partition key of a DynamoDB item. */
  readonly leadingKey?: string;
  /** A version of an object was named. */
  readonly version?: true;
  /** An object is replaced only if it is as it was: AWS looks at it on the caller's behalf. */
  readonly ifMatch?: true;
  /** The object is not there: without leave to list, AWS would not say so. */
  readonly missing?: true;
}

/** Sees every call of every client once it has been answered with `status`. */
export type CallRecorder = (incoming: Incoming, call: Call, status: number | undefined) => void;

/**
 * Appends calls to `file`, each once, as JSON lines; those of clients without an app's name, which are of tests themselves, are left out.
 * @param file default: what the variable `LOADIN_RECORD_CALLS` says; undefined without it
 */
export function callRecorder(file = process.env['LOADIN_RECORD_CALLS']): CallRecorder | undefined {
  if (!file) return undefined;
  const written = new Set<string>();
  return (incoming, call, status) => {
    const app = / app\/([\w-]+)/.exec(incoming.headers['user-agent'] ?? '')?.[1];
    if (app === undefined) return;
    const line = JSON.stringify(recordOf(app, incoming, call, status));
    if (written.has(line)) return;
    written.add(line);
    // One write, so that servers of several processes share the file.
    appendFileSync(file, `${line}\n`);
  };
}

function recordOf(app: string, { query, headers }: Incoming, { target, input }: Call, status: number | undefined): RecordedCall {
  const { service, operation, bucket, key, resource } = target;
  const leadingKey = service === 'dynamodb' ? partitionKey(input) : undefined;
  const prefix = query.get('prefix');
  return {
    app,
    ...{ service, operation },
    ...(bucket && { bucket }),
    ...(key && { key }),
    ...(resource && { resource }),
    ...(prefix !== null && { prefix }),
    ...(leadingKey !== undefined && { leadingKey }),
    ...(query.has('versionId') && { version: true }),
    ...(headers['if-match'] !== undefined && { ifMatch: true }),
    ...(service === 's3' && key && status === 404 && { missing: true }),
  };
}

function partitionKey(input: Call['input']): string | undefined {
  const item = (input?.['Key'] ?? input?.['Item']) as Readonly<Record<string, { readonly S?: string }>> | undefined;
  return item?.['pk']?.S;
}
