const PREFIX = 'checkpoint/';

/**
 * Which entity of the document holds the state item `checkpoint/{job}/{stream}`; `undefined` for other items. The streams of the
 * document's own job have the names that people know (`customers`: the part after the source); those of other jobs are `{job}/{stream}`.
 */
export function entityOf(key: string, documentJob: string): string | undefined {
  const [, job, stream] = /^checkpoint\/([^/]+)\/([^/]+)$/.exec(key) ?? [];
  if (job === undefined || stream === undefined) return undefined;
  return job === documentJob ? stream.slice(stream.indexOf('.') + 1) : `${job}/${stream}`;
}

/** The stream of a key, where the entity's name in the document is but a part of it. */
export function streamOfKey(key: string, documentJob: string): string | undefined {
  const [, job, stream] = /^checkpoint\/([^/]+)\/([^/]+)$/.exec(key) ?? [];
  return job === documentJob && stream !== entityOf(key, documentJob) ? stream : undefined;
}

/** A key under which `entityOf` finds this entity. */
export function keyOf(entity: string, documentJob: string): string {
  return entity.includes('/') ? `${PREFIX}${entity}` : `${PREFIX}${documentJob}/${entity}`;
}
