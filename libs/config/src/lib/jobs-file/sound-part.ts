import { kindOf, type Known } from './known.js';
import { mapping } from './rules.js';
import type { SinkOptions } from './sink-options.js';
import type { Finding, Path } from './types.js';

export type Options = Readonly<Record<string, unknown>>;

export interface JobData {
  readonly schedule?: string;
  readonly time_zone?: string;
  readonly streams: readonly string[];
  readonly sinks: readonly string[];
  readonly overrides?: Readonly<Record<string, Options>>;
}

/** A jobs file whose values have their types. */
export interface FileData {
  readonly sinks?: SinkOptions;
  readonly streams?: Readonly<Record<string, Options>>;
  readonly jobs: Readonly<Record<string, JobData>>;
}

/** What of a file can be looked at further, so that all that is wrong is said at once. Places in lists are those of the file. */
export interface SoundPart {
  readonly data: FileData;
  /** Whether nothing is wrong with what a stream is given in a job, nor with the job: else what it lacks may be what is misspelt. */
  isSound(job: string, id: string): boolean;
  /** Whether all streams of all jobs are known. */
  readonly namesAreSound: boolean;
  /** Whether this is not a mere consequence of what was found before: something above it, below it or in the same place. */
  isNew(finding: Finding): boolean;
}

type Mapping = Readonly<Record<string, unknown>>;
const isMapping = (value: unknown): value is Mapping => mapping().holds(value);
const startsWith = (path: Path, start: Path): boolean => start.every((part, n) => path[n] === part);

/** At it, below it, above it but for a job or a stream as a whole, or beside a name that is unknown: what is missing may be what is misspelt. */
const isOfSamePlace = (found: Finding, path: Path): boolean =>
  startsWith(found.path, path) ||
  (found.path.length > 2 && startsWith(path, found.path)) ||
  (found.atKey === true && path.length === found.path.length && startsWith(path, found.path.slice(0, -1)));

/** Of data in which this was found. Without findings all of it is sound. */
export function soundPart(data: unknown, findings: readonly Finding[], known: Known): SoundPart {
  const isFaulty = (place: Path): boolean => findings.some(({ path }) => startsWith(path, place));
  const jobs = soundEntries(isMapping(data) ? data['jobs'] : undefined, ['jobs'], (job, path) => soundJob(job, { path, isFaulty, known }));
  const isOptionFaulty = (place: Path): boolean => findings.some(({ path }) => startsWith(path, place) && path[place.length] !== 'expect');
  const isJobFaulty = (job: string): boolean => findings.some(({ path }) => startsWith(path, ['jobs', job]) && path[2] !== 'overrides');
  return {
    data: {
      ...(findings.length === 0 && { sinks: (data as FileData).sinks }),
      streams: soundEntries(isMapping(data) ? data['streams'] : undefined, ['streams'], (options, path) => soundOptions(options, path, isFaulty)),
      jobs,
    },
    isSound: (job, id) => !isJobFaulty(job) && !isOptionFaulty(['streams', id]) && !isOptionFaulty(['jobs', job, 'overrides', id]),
    namesAreSound: !findings.some(({ path }) => path[0] === 'jobs' && (path.length < 3 || path[2] === 'streams')),
    isNew: ({ path }) => !findings.some((found) => isOfSamePlace(found, path)),
  };
}

function soundEntries<Sound>(value: unknown, path: Path, sound: (entry: Mapping, path: Path) => Sound): Record<string, Sound> {
  const entries = Object.entries(isMapping(value) ? value : {});
  return Object.fromEntries(entries.flatMap(([name, entry]): [string, Sound][] => (isMapping(entry) ? [[name, sound(entry, [...path, name])]] : [])));
}

interface Around {
  readonly path: Path;
  readonly known: Known;
  isFaulty(place: Path): boolean;
}

function soundJob(job: Mapping, { path, isFaulty, known }: Around): JobData {
  const sound = (field: string): unknown => (isFaulty([...path, field]) ? undefined : job[field]);
  const names = (field: string, isKnown: (name: string) => boolean): string[] => {
    const list: unknown = job[field];
    return Array.isArray(list) ? list.map((name: unknown) => (typeof name === 'string' && isKnown(name) ? name : '')) : [];
  };
  return {
    schedule: sound('schedule') as string | undefined,
    time_zone: sound('time_zone') as string | undefined,
    streams: names('streams', (id) => kindOf(known, id) !== undefined),
    sinks: names('sinks', (sink) => known.sinks.includes(sink)),
    overrides: soundEntries(job['overrides'], [...path, 'overrides'], (options, own) => soundOptions(options, own, isFaulty)),
  };
}

/** Without the options that are wrong. What is expected of rows stays a list, so that each of its entries can be looked at. */
function soundOptions(options: Mapping, path: Path, isFaulty: Around['isFaulty']): Options {
  const entries = Object.entries(options).flatMap(([option, value]): [string, unknown][] => {
    if (option === 'expect' && Array.isArray(value)) return [[option, value.map((item: unknown) => (isMapping(item) ? item : {}))]];
    return isFaulty([...path, option]) ? [] : [[option, value]];
  });
  return Object.fromEntries(entries);
}
