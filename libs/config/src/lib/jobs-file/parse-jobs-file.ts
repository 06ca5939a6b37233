import { LineCounter, parseDocument, type Document } from 'yaml';
import { isTimeZone } from '../schedule/schedule.js';
import { suggestionFor } from '../suggestion.js';
import { checkJobsFile } from './check.js';
import { doubtsOf } from './doubts.js';
import { JobsFileError, positioned, type JobsFileProblem } from './jobs-file-error.js';
import { KNOWN, kindOf, misfit, type Known } from './known.js';
import { positionOf } from './position.js';
import { unresolvedAlias, yamlFault } from './yaml-fault.js';
import type { JobContext } from './stream-kinds.js';
import { soundPart, type FileData, type JobData, type Options, type SoundPart } from './sound-part.js';
import type { Finding, JobDefinition, JobsFile, JobStream, Path } from './types.js';

/**
 * A jobs file (YAML or JSON) as data with types. Throws `JobsFileError` with line and column of everything that is wrong.
 * `path` is for messages only: nothing is opened. `known` says which streams and sinks there are; default: the built-in ones.
 */
export function parseJobsFile(text: string, path: string, known: Known = KNOWN): JobsFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const fail = (problems: JobsFileProblem[]): never => {
    throw new JobsFileError(path, problems);
  };
  const at = (offset: number) => ({ line: Math.max(1, lines.linePos(offset).line), column: Math.max(1, lines.linePos(offset).col) });
  const located = (findings: Finding[]): JobsFileProblem[] =>
    findings.map((finding) => ({ ...at(positionOf(document, finding)), path: finding.path.join('.'), message: finding.message })).sort(byPosition);

  const malformed = [...document.errors, ...document.warnings].map((error) => ({ ...at(error.pos[0]), path: '', message: yamlFault(error, text) }));
  if (malformed.length > 0) return fail(malformed);
  const alias = unresolvedAlias(document);
  if (alias !== undefined) return fail([{ ...at(alias.offset), path: '', message: alias.message }]);
  const data = dataOf(document, (message) => fail([{ line: 1, column: 1, path: '', message }]));
  const findings = checkJobsFile(data, known);
  const sound = soundPart(data, findings, known);
  const { jobs, wrong } = resolve(sound, known);
  const all = [...findings, ...wrong.filter(sound.isNew)];
  if (all.length > 0) return fail(located(all));
  const warnings = located(doubtsOf(sound.data, known)).map((warning) => positioned(path, warning));
  return { path, jobs, sinkOptions: sound.data.sinks ?? {}, warnings };
}

const byPosition = (a: JobsFileProblem, b: JobsFileProblem): number => a.line - b.line || a.column - b.column;

// Aliases that would blow up are found only here.
function dataOf(document: Document, fail: (message: string) => never): unknown {
  try {
    return document.toJS();
  } catch (error) {
    return fail(`can't be read: ${(error as Error).message}`);
  }
}

function resolve(sound: SoundPart, known: Known): { jobs: ReadonlyMap<string, JobDefinition>; wrong: Finding[] } {
  const { data } = sound;
  const { sinks: sinkOptions = {} } = data;
  const wrong: Finding[] = [];
  const jobs = Object.entries(data.jobs).map(([name, job]): [string, JobDefinition] => {
    const streams = job.streams.map((id, index) => {
      // What is named but not known has been found; what its options are wrong in, too.
      const kind = sound.isSound(name, id) ? kindOf(known, id) : undefined;
      const given = { ...kind?.defaults, ...data.streams?.[id], ...job.overrides?.[id] };
      const options = Object.fromEntries(Object.entries(given).filter(([option]) => kind?.retired?.[option] === undefined));
      const path = ['jobs', name, 'streams', index];
      const lacks = kind?.lacks(options);
      if (lacks !== undefined)
        wrong.push({ path, message: `has nothing to read: give ${lacks} under streams or overrides (${id})${nearStream(data, id)}` });
      for (const { option, message } of kind?.impossible?.(options, job as JobContext) ?? [])
        wrong.push({ path: placeOf(data, name, id, option) ?? path, message: `${message} (${id} in the job ${name})` });
      return { id, options: kind?.complete?.(options, job as JobContext) ?? options } as JobStream;
    });
    wrong.push(...wrongZone(name, job), ...misfits(name, job, known), ...streams.flatMap((stream) => wrongExpectations(sound, name, stream, known)));
    return [
      name,
      { name, schedule: job.schedule, ...(job.time_zone !== undefined && { timeZone: job.time_zone }), streams, sinks: job.sinks, sinkOptions },
    ];
  });
  return { jobs: new Map(jobs), wrong: [...wrong, ...sharedFolders(data, known)] };
}

/** A schema can't know which zones there are. */
function wrongZone(name: string, { time_zone: zone }: JobData): Finding[] {
  if (zone === undefined || isTimeZone(zone)) return [];
  return [{ path: ['jobs', name, 'time_zone'], message: `is no time zone: ${JSON.stringify(zone)}` }];
}

/** A name that stands in a job alone may be a slip of one that has options. */
function nearStream({ streams = {} }: FileData, id: string): string {
  const near = id in streams ? undefined : suggestionFor(id, Object.keys(streams));
  return near === undefined ? '' : `; did you mean ${near}?`;
}

/** Sinks that can't take a stream of their job: each is said once. */
function misfits(name: string, { streams, sinks }: JobData, known: Known): Finding[] {
  return sinks.flatMap((sink, index): Finding[] => {
    const [message] = streams.flatMap((id) => (sink === '' || kindOf(known, id) === undefined ? [] : (misfit(known, id, sink) ?? [])));
    return message === undefined ? [] : [{ path: ['jobs', name, 'sinks', index], message: `${message}: give it a job of its own` }];
  });
}

/** Each at its own place, where the list stands. */
function wrongExpectations({ data, namesAreSound }: SoundPart, job: string, { id, options }: JobStream, known: Known): Finding[] {
  const place = placeOf(data, job, id, 'expect');
  if (place === undefined || !('expect' in options)) return [];
  const faults = known.expectations?.(options.expect) ?? [];
  const unknown = namesAreSound ? unknownEntities(options.expect, data, known) : [];
  return [...faults, ...unknown].map(({ path, message }) => ({ path: [...place, ...path], message }));
}

/** Another entity that values are looked up in has to be one of the file. */
function unknownEntities(expectations: readonly Options[], { jobs }: FileData, known: Known): Finding[] {
  const ids = Object.values(jobs).flatMap(({ streams }) => streams.filter((id) => kindOf(known, id)?.onlyTo !== undefined));
  const entities = [...new Set(ids.map((id) => id.slice(id.indexOf('.') + 1)))];
  return expectations.flatMap(({ entity }, index): Finding[] => {
    if (typeof entity !== 'string' || entities.includes(entity)) return [];
    const near = suggestionFor(entity, entities);
    return [
      {
        path: [index, 'entity'],
        message: `is no entity of a job: ${near === undefined ? `there are ${entities.join(', ')}` : `did you mean ${near}?`}`,
      },
    ];
  });
}

/** Entities have one folder, one schema and one set of keys in the lake, by the part of their name after the dot. */
function sharedFolders({ jobs }: FileData, known: Known): Finding[] {
  const owners = new Map<string, string>();
  return Object.entries(jobs).flatMap(([job, { streams }]) =>
    streams.flatMap((id, index): Finding[] => {
      if (kindOf(known, id)?.onlyTo === undefined) return [];
      const entity = id.slice(id.indexOf('.') + 1);
      const owner = owners.get(entity) ?? id;
      owners.set(entity, owner);
      if (owner === id) return [];
      return [
        { path: ['jobs', job, 'streams', index], message: `would be written to the folder of ${owner}, ${entity}: give one another name (${id})` },
      ];
    }),
  );
}

/** Where an option of a stream of a job is written: in the job itself, or for all jobs. */
function placeOf({ streams, jobs }: FileData, job: string, id: string, option: string): Path | undefined {
  if (jobs[job]?.overrides?.[id]?.[option] !== undefined) return ['jobs', job, 'overrides', id, option];
  return streams?.[id]?.[option] === undefined ? undefined : ['streams', id, option];
}
