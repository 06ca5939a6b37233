/** A name as people mean it: without case, accents, and spaces. */
export function foldedName(name: string): string {
  return name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/gu, '');
}

/** The search for artists of a name; it finds those with more words too. */
export const nameQuery = (name: string): string => `artist:"${name.replaceAll('"', ' ').trim()}"`;
