/** Ids that a note names one by one. */
const NAMED = 5;

/** The words of a note for ids that were asked for and that nothing has. */
export function unknownIds(what: string, ids: readonly string[]): string {
  const more = ids.length > NAMED ? ` and ${ids.length - NAMED} more` : '';
  return `no ${what} has the id ${ids.slice(0, NAMED).join(', ')}${more}`;
}
