import { LineCounter, parseDocument, type Document } from 'yaml';
import { checkJobsFile, type Known } from './check.js';
import { JobsFileError, type JobsFileProblem } from './jobs-file-error.js';
import { positionOf } from './position.js';
import { SINKS, STREAM_KINDS } from './stream-options.js';
import type { Finding, JobDefinition, JobsFile, JobStream } from './types.js';

const BUILT_IN: Known = { streams: STREAM_KINDS, sinks: SINKS };

type Options = Readonly<Record<string, unknown>>;
interface FileData {
  streams?: Record<string, Options>;
  jobs: Record<string, { schedule?: string; streams: string[]; sinks: string[]; overrides?: Record<string, Options> }>;
}

/**
 * A jobs file (YAML or JSON) as data with types. Throws `JobsFileError` with line and column of everything that is wrong.
 * `path` is for messages only: nothing is opened. `known` says which streams and sinks there are; default: the built-in ones.
 */
export function parseJobsFile(text: string, path: string, known: Known = BUILT_IN): JobsFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const fail = (problems: JobsFileProblem[]): never => {
    throw new JobsFileError(path, problems);
  };
  const at = (offset: number) => ({ line: Math.max(1, lines.linePos(offset).line), column: Math.max(1, lines.linePos(offset).col) });
  const located = (findings: Finding[]): JobsFileProblem[] =>
    findings.map((finding) => ({ ...at(positionOf(document, finding)), path: finding.path.join('.'), message: finding.message })).sort(byPosition);

  const malformed = [...document.errors, ...document.warnings].map(({ pos, message }) => ({
    ...at(pos[0]),
    path: '',
    message: message.split('\n')[0] ?? '',
  }));
  if (malformed.length > 0) return fail(malformed);
  const data = dataOf(document, (message) => fail([{ line: 1, column: 1, path: '', message }]));
  const findings = checkJobsFile(data, known);
  if (findings.length > 0) return fail(located(findings));
  const { jobs, lacking } = resolve(data as FileData, known);
  if (lacking.length > 0) return fail(located(lacking));
  return { path, jobs };
}

const byPosition = (a: JobsFileProblem, b: JobsFileProblem): number => a.line - b.line || a.column - b.column;

// Aliases to nothing, and those that would blow up, are found only here.
function dataOf(document: Document, fail: (message: string) => never): unknown {
  try {
    return document.toJS();
  } catch (error) {
    return fail(`can't be read: ${(error as Error).message}`);
  }
}

function resolve(data: FileData, known: Known): { jobs: ReadonlyMap<string, JobDefinition>; lacking: Finding[] } {
  const lacking: Finding[] = [];
  const jobs = Object.entries(data.jobs).map(([name, job]): [string, JobDefinition] => {
    const streams = job.streams.map((id, index) => {
      const kind = known.streams[id];
      const options = { ...kind?.defaults, ...data.streams?.[id], ...job.overrides?.[id] };
      const lacks = kind?.lacks(options);
      if (lacks !== undefined)
        lacking.push({ path: ['jobs', name, 'streams', index], message: `has nothing to read: give ${lacks} under streams or overrides (${id})` });
      return { id, options } as JobStream;
    });
    return [name, { name, schedule: job.schedule, streams, sinks: job.sinks }];
  });
  return { jobs: new Map(jobs), lacking };
}
