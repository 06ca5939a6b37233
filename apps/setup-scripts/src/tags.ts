import { tagsOf } from '@loadin/infrastructure';
import { LoadinError } from '@loadin/resilience';
import { differs, missing, right, type Finding, type Part, type Resource } from './resource.js';

export type Tags = Readonly<Record<string, string>>;

/** What `loadin-setup create` puts on what it makes. */
export const tagsFor = (environment: string): Tags => tagsOf(environment, 'loadin-setup');

/** Compares tags by name; others on the resource are nobody's business here. What a stack has made is tagged by the stack. */
export function compareTags(found: Tags, wanted: Tags): Finding {
  if (found['ManagedBy'] === 'cdk') return right('of a stack');
  const other = Object.entries(wanted).filter(([name, value]) => found[name] !== undefined && found[name] !== value);
  const text = (pairs: readonly (readonly [string, string | undefined])[]): string => pairs.map(([name, value]) => `${name}=${value}`).join(', ');
  if (other.length > 0)
    return differs(
      text(other.map(([name]) => [name, found[name]])),
      text(other),
      'Give --environment the right name, or change the tags yourself: who made it may rely on them.',
    );
  return Object.keys(wanted).every((name) => found[name] !== undefined) ? right() : missing;
}

export const tagList = (tags: Tags): { Key: string; Value: string }[] => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
export const tagsOfList = (list: readonly { Key?: string; Value?: string }[]): Tags =>
  Object.fromEntries(list.map(({ Key = '', Value = '' }) => [Key, Value]));

/** How the tags of one kind of resource are read and written. */
export interface TagAccess {
  readonly read: () => Promise<Tags>;
  /** Those that are there stay, unless they are among these. */
  readonly add: (tags: Tags) => Promise<void>;
}

/** The tags as a setting, which a server may lack. */
export const tagging = ({ read, add }: TagAccess, wanted: Tags): Part => ({
  name: 'tags',
  optional: true,
  look: async () => compareTags(await read(), wanted),
  make: () => add(wanted),
});

/** Whose a resource is, by its tags. A server without tags knows no owners. */
export const ownership = ({ read, add }: TagAccess): Pick<Resource, 'managedBy' | 'takeOver'> => ({
  managedBy: async () => {
    try {
      return (await read())['ManagedBy'];
    } catch (error) {
      if (error instanceof LoadinError && error.action === 'fatal') return undefined;
      throw error;
    }
  },
  takeOver: (ManagedBy) => add({ ManagedBy }),
});
