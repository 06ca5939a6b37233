import type { WatchedCall } from '@loadin/local-aws';
import type { JsonObject } from '@loadin/pipeline';
import { isDeepStrictEqual } from 'node:util';
import type { StepName } from './evidence.js';

/** Where the checkpoints lie when they lie in the bucket. */
export const CHECKPOINT_OBJECT = 'logs/pipeline/ingestion/checkpoints.json';
const STATE_OBJECTS = '_loadin/state/';

/** An item of the state store that a call writes. */
export interface ItemWrite {
  readonly key: string;
  readonly value: JsonObject | undefined;
}

const CHANGING = /^(?:Put|Update|Delete|Copy|Create|Complete|Upload|Abort|BatchWrite)/;

/** A call that changes something. */
export const isChange = ({ operation }: Pick<WatchedCall, 'operation'>): boolean => CHANGING.test(operation);

/** The items that a call writes, in whichever store; `before` gives what the store has at the moment. */
export function itemWrites(call: WatchedCall, before: (key: string) => JsonObject | undefined): ItemWrite[] {
  if (call.service === 'dynamodb') return dynamoWrite(call);
  if (call.service !== 's3' || call.key === undefined || call.body === undefined || call.operation !== 'PutObject') return [];
  if (call.key === CHECKPOINT_OBJECT) return documentWrites(call.body, before);
  if (!call.key.startsWith(STATE_OBJECTS)) return [];
  const { value } = parsed(call.body) ?? {};
  return [{ key: call.key.slice(STATE_OBJECTS.length, -'.json'.length), value: value as JsonObject | undefined }];
}

function dynamoWrite({ operation, input = {} }: WatchedCall): ItemWrite[] {
  const text = (attribute: unknown): string | undefined => (attribute as { S?: string } | undefined)?.S;
  const { pk, value } = (operation === 'DeleteItem' ? input['Key'] : input['Item']) as { pk?: unknown; value?: unknown };
  const key = text(pk);
  if (key === undefined) return [];
  const json = text(value);
  return [{ key, value: json === undefined ? undefined : parsed(Buffer.from(json)) }];
}

/** The entities of the document that differ from what was there. */
function documentWrites(body: Buffer, before: (key: string) => JsonObject | undefined): ItemWrite[] {
  return Object.entries(parsed(body) ?? {}).flatMap(([entity, stored]) => {
    const value = Object.fromEntries(Object.entries(stored as JsonObject).filter(([name]) => !name.startsWith('_')));
    const key = `checkpoint/${entity}`;
    return isDeepStrictEqual(value, before(key)) ? [] : [{ key, value }];
  });
}

function parsed(body: Buffer): JsonObject | undefined {
  try {
    return JSON.parse(body.toString('utf8')) as JsonObject;
  } catch {
    return undefined; // the harness damages objects on purpose
  }
}

const OBJECTS: readonly (readonly [string, StepName])[] = [
  ['_loadin/plans/', 'plan stored'],
  ['_loadin/waves/', 'slices listed'],
  ['landing/', 'page landed'],
  ['raw/', 'raw object put'],
  ['dead-letters/', 'dead letters put'],
  ['_loadin/reports/', 'report stored'],
  ['logs/pipeline/ingestion/date=', 'run log stored'],
  ['_loadin/schemas/', 'schema stored'],
];

/** Objects of a commit are written as multipart uploads. */
const UPLOADS: Readonly<Record<string, StepName>> = {
  CreateMultipartUpload: 'upload begun',
  UploadPart: 'part sent',
  CompleteMultipartUpload: 'object completed',
};

const COMMITS = '_loadin/commits/';

const ITEMS: readonly (readonly [string, StepName])[] = [
  ['claim/', 'second claimed'],
  ['run/', 'run noted'],
  ['claimed/', 'ids claimed'],
  ['progress/', 'progress saved'],
  ['history/', 'history noted'],
  ['checkpoint/', 'checkpoint moved'],
  ['quota/', 'quota noted'],
  ['bronze/', 'sets announced'],
];

/** Which named step a call is. */
export function stepOf(call: WatchedCall, writes: readonly ItemWrite[], before: (key: string) => JsonObject | undefined): StepName | undefined {
  if (call.service === 'kinesis') return call.operation === 'PutRecords' ? 'records put' : undefined;
  if (call.service === 's3' && call.operation in UPLOADS) return UPLOADS[call.operation];
  if (call.key?.startsWith(COMMITS)) return commitStep(call.key, call.body);
  const [write] = writes;
  if (write !== undefined) return leaseStep(write, before(write.key)) ?? startOf(ITEMS, write.key);
  return call.key === CHECKPOINT_OBJECT ? 'checkpoint moved' : startOf(OBJECTS, call.key ?? '');
}

/** Another run's veto stands where the commit record would. */
function commitStep(key: string, body: Buffer = Buffer.of()): StepName {
  if (key.endsWith('.done.json')) return 'load noted as done';
  return parsed(body)?.['vetoed_by'] === undefined ? 'load committed' : 'load vetoed';
}

const startOf = (names: readonly (readonly [string, StepName])[], key: string): StepName | undefined =>
  names.find(([start]) => key.startsWith(start))?.[1];

/** A write that does nothing to an item but taking, renewing or giving back its lease. */
function leaseStep({ value }: ItemWrite, earlier: JsonObject | undefined): StepName | undefined {
  const lease = value?.['lease'] as JsonObject | undefined;
  if (lease === undefined) return undefined;
  const leaseBefore = earlier?.['lease'] as JsonObject | undefined;
  if (lease['generation'] !== leaseBefore?.['generation']) return 'lease taken';
  if (!isDeepStrictEqual(withoutLease(value), withoutLease(earlier))) return undefined;
  return lease['owner'] === null ? 'lease given back' : 'lease renewed';
}

const withoutLease = (item: JsonObject = {}): JsonObject => Object.fromEntries(Object.entries(item).filter(([name]) => name !== 'lease'));
