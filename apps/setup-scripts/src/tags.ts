import { differs, missing, right, type Finding } from './resource.js';

export type Tags = Readonly<Record<string, string>>;

/** What Loadin's resources carry: for cost reports, and so that each tool knows its own. */
export function tagsFor(environment: string): Tags {
  return { Project: 'Loadin', Environment: environment, ManagedBy: 'loadin-setup' };
}

/** Compares tags by name; others on the resource are nobody's business here. */
export function compareTags(found: Tags, wanted: Tags): Finding {
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
