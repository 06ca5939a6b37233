import { recordId, transformFor, validateRecord } from '../transform-for.js';
import { DATA_TYPES, type DataType } from '../types.js';
import { ARTISTS } from './artists.js';
import { ATTRACTIONS } from './attractions.js';
import { EVENTS } from './events.js';
import type { Sample } from './sample.js';
import { TRACKS } from './tracks.js';
import { tryRecord, type Trial } from './try-record.js';
import { VENUES } from './venues.js';

/** Synthetic records of every data type: good, odd and wrong ones. */
export const SAMPLES: readonly Sample[] = [...ARTISTS, ...VENUES, ...EVENTS, ...ATTRACTIONS, ...TRACKS];

export interface SampleOutcome {
  readonly sample: Sample;
  readonly trial: Trial;
  /** Where the outcome is other than the sample says; none when the transform does what it should. */
  readonly problems: readonly string[];
}

export interface ValidateTransformsOptions {
  /** Default: all. */
  readonly types?: readonly DataType[];
  /** Default: `SAMPLES`. */
  readonly samples?: readonly Sample[];
}

export interface TransformsValidation {
  /** Every sample does what it should. */
  readonly ok: boolean;
  readonly outcomes: readonly SampleOutcome[];
}

/** Runs the transforms over samples, without settings or network: good and odd ones must come out as they say, wrong ones be rejected at their paths. */
export function validateTransforms({ types = DATA_TYPES, samples = SAMPLES }: ValidateTransformsOptions = {}): TransformsValidation {
  const chosen = samples.filter(({ dataType }) => types.includes(dataType));
  const outcomes = chosen.map((sample) => {
    const trial = tryRecord(sample.dataType, sample.raw);
    return { sample, trial, problems: problemsOf(sample, trial) };
  });
  return { ok: outcomes.every(({ problems }) => problems.length === 0), outcomes };
}

function problemsOf(sample: Sample, trial: Trial): string[] {
  if (!trial.ok) {
    const paths = trial.rejections.map(({ path }) => path);
    if (sample.kind !== 'wrong') return trial.rejections.map(({ path, message }) => `is rejected: ${path === '' ? 'the record' : path} ${message}`);
    return same(paths, sample.rejected) ? [] : [`must be rejected at ${listed(sample.rejected)}, is rejected at ${listed(paths)}`];
  }
  if (sample.kind === 'wrong') return [`must be rejected at ${listed(sample.rejected)}, is accepted as ${trial.id}`];
  const record = Object.fromEntries(trial.fields.map(({ field, after }) => [field, after]));
  const different = Object.entries(sample.expected).filter(([field, value]) => !same(record[field], value));
  return [
    ...different.map(([field, value]) => `${field} must be ${JSON.stringify(value)}, is ${JSON.stringify(record[field]) ?? 'missing'}`),
    ...validateRecord(sample.dataType, record).map(({ path, message }) => `${path} ${message}`),
    ...(recordId(sample.dataType, record) === trial.id ? [] : [`${transformFor(sample.dataType).idField} is not ${trial.id}`]),
  ];
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
const listed = (paths: readonly string[]): string => paths.map((path) => path || 'the record').join(', ');
