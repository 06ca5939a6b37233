import { isDeepStrictEqual } from 'node:util';
import { STATEFUL, type StatefulKind } from './stateful.js';

/** A template, as far as it is looked at. */
export interface Template {
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
}

/** The templates of one environment, by stack. */
export type Templates = Readonly<Record<string, Template>>;

/** Data that would be lost, or left behind. */
export interface Loss {
  readonly stack: string;
  /** Logical id. */
  readonly id: string;
  readonly type: string;
  readonly why: string;
}

/** What happens to the data when stacks that were deployed with `previous` are deployed with `current`: nothing, if the answer is empty. */
export function lossesOf(previous: Templates, current: Templates): Loss[] {
  return Object.entries(previous).flatMap(([stack, { Resources = {} }]) =>
    Object.entries(Resources).flatMap(([id, before]) => {
      const kind = STATEFUL.find(({ type }) => type === before.Type);
      const why = kind && lossOf(kind, id, before, current[stack]?.Resources?.[id]);
      return why === undefined ? [] : [{ stack, id, type: before.Type, why }];
    }),
  );
}

function lossOf({ type, fixed }: StatefulKind, id: string, before: TemplateResource, after: TemplateResource | undefined): string | undefined {
  if (after === undefined)
    return `${id} is no longer in its stack: it is deleted, or stays without one and stands in the way of the next of its name`;
  if (after.Type !== type) return `becomes ${after.Type}`;
  const changed = fixed.filter((name) => !isDeepStrictEqual(before.Properties?.[name], after.Properties?.[name]));
  if (changed.length > 0) return `is replaced by another one, because ${changed.join(' and ')} can't be changed`;
  // What a stack did not delete when it was removed, it would now.
  if (before.DeletionPolicy === 'Retain' && after.DeletionPolicy !== 'Retain') return 'was kept when its stack is deleted, and is no longer';
  return undefined;
}
