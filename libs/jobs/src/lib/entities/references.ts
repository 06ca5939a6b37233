import type { JobDefinition } from '@loadin/config';
import { FatalError } from '@loadin/pipeline';
import { folderOf, isEntity, type EntityStream } from '../stream-facts.js';

/** Which entities of a job are held against others. */
export interface JobReferences {
  /** Whether another entity of the job refers to this stream. */
  isReferenced(id: string): boolean;
  /** Streams that this one refers to, as far as those do not refer to it again. */
  before(id: string): readonly string[];
}

/** Throws `FatalError` for a reference that could never be looked at. */
export function referencesOf(definition: JobDefinition): JobReferences {
  const entities = definition.streams.filter(isEntity);
  const direct = new Map<string, readonly string[]>(entities.map((one) => [one.id, referredTo(one, entities, definition.name)]));
  const leadsTo = (from: string, to: string, seen = new Set<string>()): boolean =>
    from === to || (!seen.has(from) && (direct.get(from) ?? []).some((next) => leadsTo(next, to, new Set([...seen, from]))));
  return {
    isReferenced: (id) => [...direct.values()].some((others) => others.includes(id)),
    // Of two that refer to each other neither can be first: both are held against what the loads before have left.
    before: (id) => (direct.get(id) ?? []).filter((other) => !leadsTo(other, id)),
  };
}

function referredTo(one: EntityStream, entities: readonly EntityStream[], job: string): string[] {
  const found = (one.options.expect ?? []).flatMap((expectation) => {
    if (expectation.check !== 'reference') return [];
    const other = entities.find(({ id }) => folderOf(id) === expectation.entity);
    const problem = problemOf(one, other, expectation);
    if (problem === undefined) return other === undefined ? [] : [other.id];
    throw new FatalError(`${one.id} can't be held against ${String(expectation.entity)}: ${problem}`, {
      where: `expect of ${one.id} in the job ${job}`,
      hint: 'Refer to a table of the same job by its key of one column.',
    });
  });
  return [...new Set(found)];
}

type Reference = NonNullable<EntityStream['options']['expect']>[number];

function problemOf(one: EntityStream, other: EntityStream | undefined, reference: Reference): string | undefined {
  if (other === undefined) return 'the job does not load it';
  if (other.id === one.id) return 'it is itself';
  const key = 'table' in other.options ? (other.options.key ?? []) : [];
  const [column] = key;
  if (!('table' in other.options)) return 'it is a list of an API, whose keys are not kept';
  if (column === undefined) return 'it has no key';
  if (key.length > 1) return `its key has ${key.length} columns`;
  const { entity_column: asked = column } = reference as { readonly entity_column?: string };
  return asked === column ? undefined : `its key is ${column}, and not ${asked}`;
}
