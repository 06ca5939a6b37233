import type { JobDefinition, JobsFile } from '@loadin/config';

/** The jobs of a file by what runs them. */
export interface JobsByPlace {
  /** They read APIs and write records: the function `ingestionFunction`. */
  readonly records: readonly JobDefinition[];
  /** They load entities into Parquet: the function `bronzeFunction`. */
  readonly entities: readonly JobDefinition[];
  /** They may take more than 15 minutes: containers. */
  readonly tasks: readonly JobDefinition[];
}

/** @param tasks names of the jobs that run in containers */
export function jobsByPlace({ jobs }: Pick<JobsFile, 'jobs'>, tasks: readonly string[]): JobsByPlace {
  const all = [...jobs.values()];
  const inFunctions = all.filter(({ name }) => !tasks.includes(name));
  return {
    records: inFunctions.filter((job) => !loadsEntities(job)),
    entities: inFunctions.filter(loadsEntities),
    tasks: all.filter(({ name }) => tasks.includes(name)),
  };
}

export const loadsEntities = ({ sinks }: JobDefinition): boolean => sinks.includes('s3_bronze');

/** The systems that jobs read, `spotify`, `postgres`: the part of a stream's id before the dot. */
export const sourcesOf = (jobs: readonly JobDefinition[]): ReadonlySet<string> =>
  new Set(jobs.flatMap(({ streams }) => streams.map(({ id }) => id.slice(0, id.indexOf('.')))));
