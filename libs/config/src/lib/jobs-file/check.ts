import { validateSync } from 'class-validator';
import { suggestionFor } from '../suggestion.js';
import { scheduleFault } from '../schedule/schedule.js';
import { fieldFaults, fieldSchemas, insideFields, type Inside } from './field.js';
import { JOB_NAME, mapping, SCHEDULE } from './rules.js';
import { kindOf, unknownStream, type Known } from './known.js';
import { JobShape, JobsFileShape, REQUIRED_OF_FILE, REQUIRED_OF_JOB } from './shape.js';
import type { Finding, Path } from './types.js';

type Mapping = Readonly<Record<string, unknown>>;

const isMapping = (value: unknown): value is Mapping => mapping().holds(value);
const entriesOf = (value: unknown): [string, unknown][] => (isMapping(value) ? Object.entries(value) : []);
const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []);

/** Everything that is wrong with a jobs file's data. */
export function checkJobsFile(data: unknown, known: Known): Finding[] {
  if (!isMapping(data)) return [{ path: [], message: 'must be a mapping with version, streams and jobs' }];
  return [
    ...checkFields(JobsFileShape, data, [], REQUIRED_OF_FILE),
    ...checkStreamOptions(data['streams'], ['streams'], known),
    ...entriesOf(data['jobs']).flatMap(([name, job]) => checkJob(name, job, known)),
  ];
}

function checkJob(name: string, job: unknown, known: Known): Finding[] {
  const path = ['jobs', name];
  const named: Finding[] = new RegExp(JOB_NAME).test(name)
    ? []
    : [{ path, atKey: true, message: 'must be named by small letters, digits and _, a letter first' }];
  if (!isMapping(job)) return [...named, { path, message: 'must be a mapping with streams and sinks' }];
  return [
    ...named,
    ...checkFields(JobShape, job, path, REQUIRED_OF_JOB),
    ...checkSchedule(job['schedule'], [...path, 'schedule']),
    ...checkNames(job['streams'], [...path, 'streams'], (id) => (kindOf(known, id) === undefined ? unknownStream(known, id) : undefined)),
    ...checkNames(job['sinks'], [...path, 'sinks'], (name) => (known.sinks.includes(name) ? undefined : unknownSink(name, known.sinks))),
    ...checkStreamOptions(job['overrides'], [...path, 'overrides'], known, textsOf(job['streams'])),
  ];
}

/** A schedule of the right form may still be none. */
function checkSchedule(value: unknown, path: Path): Finding[] {
  const message = typeof value === 'string' && new RegExp(SCHEDULE).test(value) ? scheduleFault(value) : undefined;
  return message === undefined ? [] : [{ path, message }];
}

/** Options by stream id; `allowed` are the ids that may stand here. Default: all that are known. */
function checkStreamOptions(value: unknown, path: Path, known: Known, allowed?: readonly string[]): Finding[] {
  return entriesOf(value).flatMap(([id, options]): Finding[] => {
    const own = [...path, id];
    const kind = kindOf(known, id);
    if (kind === undefined) return [{ path: own, atKey: true, message: unknownStream(known, id) }];
    if (allowed?.includes(id) === false) return [{ path: own, atKey: true, message: "is not one of this job's streams" }];
    return isMapping(options) ? checkFields(kind.options, options, own, []) : [{ path: own, message: 'must be a mapping of options' }];
  });
}

function checkNames(value: unknown, path: Path, wrong: (name: string) => string | undefined): Finding[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((name: unknown, index): Finding[] => {
    const message = typeof name === 'string' ? wrong(name) : undefined;
    return message === undefined ? [] : [{ path: [...path, index], message }];
  });
}

function unknownSink(name: string, known: readonly string[]): string {
  const near = suggestionFor(name, known);
  return `is no sink (${JSON.stringify(name)})${near ? `: did you mean ${near}?` : `: there are ${known.join(', ')}`}`;
}

/** A mapping against a class of `@Field`s: unknown keys, missing ones, wrong values, and what is wrong inside them. */
function checkFields(type: new () => object, value: Mapping, path: Path, required: readonly string[]): Finding[] {
  const fields = [...fieldSchemas(type).keys()];
  const unknown = Object.keys(value).filter((key) => !fields.includes(key));
  const missing = required.filter((field) => value[field] === undefined);
  const instance = Object.assign(new type(), Object.fromEntries(fields.map((field) => [field, value[field]])));
  const wrong = validateSync(instance, { forbidUnknownValues: false });
  return [
    ...unknown.map((key): Finding => ({ path: [...path, key], atKey: true, message: unknownKey(key, fields) })),
    ...missing.map((field): Finding => ({ path, message: `lacks ${field}` })),
    ...wrong.flatMap(({ property, constraints }) =>
      wrongValue(type, property, value[property], { path, said: Object.values(constraints ?? {}).join(', ') }),
    ),
    ...[...insideFields(type)].flatMap(([field, inside]) => checkInside(inside, value[field], [...path, field])),
  ];
}

/** Each wrong entry of a list at its own place; else what the value has to be. */
function wrongValue(type: new () => object, property: string, value: unknown, { path, said }: { path: Path; said: string }): Finding[] {
  const faults = fieldFaults(type, property, value);
  if (faults.length === 0) return [{ path: [...path, property], message: said }];
  return faults.map(({ index, message }) => ({ path: [...path, property, ...(index === undefined ? [] : [index])], message }));
}

/** The mapping or mappings in a field; one that is no mapping is the field's own finding when it is alone, and that of its place in a list. */
function checkInside({ type, many, required = [], combinations = [] }: Inside, value: unknown, path: Path): Finding[] {
  const check = (one: Mapping, own: Path): Finding[] => [
    ...checkFields(type, one, own, required),
    ...combinations.flatMap(({ wrong }): Finding[] => {
      const message = wrong(one);
      return message === undefined ? [] : [{ path: own, message }];
    }),
  ];
  if (!many) return isMapping(value) ? check(value, path) : [];
  if (!Array.isArray(value)) return [];
  const fields = [...fieldSchemas(type).keys()].join(', ');
  return value.flatMap((one: unknown, index): Finding[] => {
    const own = [...path, index];
    return isMapping(one) ? check(one, own) : [{ path: own, message: `must be a mapping of ${fields}` }];
  });
}

function unknownKey(key: string, fields: readonly string[]): string {
  const near = suggestionFor(key, fields);
  return `is not known here: ${near ? `did you mean ${near}?` : `there are ${fields.join(', ')}`}`;
}
