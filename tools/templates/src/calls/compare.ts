import { permissionsOf } from './permissions.js';
import type { Call, Permission, Place } from './types.js';

/** A kind of call that is kept in calls.json. */
export interface KeptCall extends Call {
  /** It depends on who comes first, on what has failed, or on time: allowed, and not asked for in every run. */
  readonly sometimes?: true;
}

export interface CallChanges {
  /** Calls that need what no call needs that policies were held against. */
  readonly fresh: readonly Call[];
  /** What calls that are kept needed, and none needs any more: `ingestion s3:PutObject on raw`. */
  readonly gone: readonly string[];
}

/** Resources by their purpose: environments differ in nothing but names here. */
const PLACE: Place = {
  bucket: (target) => `arn:aws:s3:::${target}`,
  jobsFile: 'arn:aws:s3:::jobs-file/jobs.yaml',
  table: 'arn:aws:dynamodb:us-east-1:123456789012:table/table',
  stream: 'arn:aws:kinesis:us-east-1:123456789012:stream/stream',
  secret: (name) => `arn:aws:secretsmanager:us-east-1:123456789012:secret:${name}`,
};

/**
 * What a whole run of the specifications has called against what is kept. They are compared by what has to be allowed: which of two calls with the same permission comes, or whether
 * an object is there yet when it is asked for, differs from run to run and is no change.
 */
export function compareCalls(kept: readonly KeptCall[], made: readonly Call[]): CallChanges {
  const known = new Set(kept.flatMap((call) => neededBy(call).map(inFull)));
  const used = new Set(made.flatMap((call) => neededBy(call).map(inShort)));
  const wanted = kept.filter(({ sometimes }) => sometimes !== true).flatMap((call) => neededBy(call).map(inShort));
  return {
    fresh: made.filter((call) => neededBy(call).some((need) => !known.has(inFull(need)))),
    gone: [...new Set(wanted)].filter((need) => !used.has(need)),
  };
}

/** What is to be kept of a run: what it has called, and what comes only sometimes. */
export function keptCalls(kept: readonly KeptCall[], made: readonly Call[]): KeptCall[] {
  const rare = kept.filter(({ sometimes }) => sometimes === true);
  const known = new Set(rare.map((call) => textOf(call)));
  return [...rare, ...made.filter((call) => !known.has(textOf(call)))].sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
}

const textOf = (call: KeptCall): string => JSON.stringify({ ...call, sometimes: undefined });

interface Need extends Permission {
  readonly call: Call;
}
const neededBy = (call: Call): Need[] => permissionsOf(coarse(call), PLACE).map((permission) => ({ ...permission, call }));
/** By the first folder, as policies are: of which source an object is looked at once more is chance. */
const coarse = ({ folder, ...call }: Call): Call => (folder === undefined ? call : { ...call, folder: folder.split('/')[0] ?? '' });
const inFull = ({ call, action, resource, context }: Need): string => JSON.stringify([call.caller, action, resource, context]);
const inShort = ({ call, action }: Need): string => `${call.caller} ${action} on ${call.target}`;
