import { rooted, under, type Shape } from './shape.fixture.js';

/** A place where our types and a published description disagree. */
export interface Difference {
  /** `TicketmasterVenue.dmas` */
  readonly field: string;
  readonly what:
    | 'unspecified' // ours alone
    | 'untyped' // theirs alone
    | 'otherwise' // of another kind
    | 'null' // theirs may be null, ours may not
    | 'always' // ours is always there, theirs may be left out
    | 'words'; // theirs may be a text that ours can't be
}

/** Everything below a field that only one of both has is that one difference. Each named interface is looked at once. */
export function differences(ours: Shape, theirs: Shape, path = rooted('', ours), done = new Set<string>()): Difference[] {
  const own = rooted(path, ours);
  if (ours.name !== undefined) {
    if (done.has(ours.name)) return [];
    done.add(ours.name);
  }
  return [...fieldDifferences(ours, theirs, own, done), ...partDifferences(ours, theirs, own, done)];
}

function fieldDifferences(ours: Shape, theirs: Shape, own: string, done: Set<string>): Difference[] {
  if (ours.fields.size === 0 && theirs.fields.size === 0) return [];
  const untyped = [...theirs.fields.keys()].filter((field) => !ours.fields.has(field));
  const typed = [...ours.fields].flatMap(([field, mine]): Difference[] => {
    const at = under(own, field);
    const other = theirs.fields.get(field);
    if (other === undefined) return [{ field: at, what: 'unspecified' }];
    return valueDifferences(mine, other, at, done);
  });
  return [...typed, ...untyped.map((field): Difference => ({ field: under(own, field), what: 'untyped' }))];
}

function valueDifferences(mine: Shape, other: Shape, at: string, done: Set<string>): Difference[] {
  if (mine.kinds.size === 0) return []; // anything: compared where it is said what
  if (![...other.kinds].every((kind) => mine.kinds.has(kind))) return [{ field: at, what: 'otherwise' }];
  const found: Difference['what'][] = [];
  if (other.nullable && !mine.nullable) found.push('null');
  if (other.optional && !mine.optional) found.push('always');
  if (mine.words && !(other.words && other.words.every((word) => mine.words?.includes(word)))) found.push('words');
  return [...found.map((what) => ({ field: at, what })), ...differences(mine, other, at, done)];
}

/** Items of arrays and values of objects with any keys. */
function partDifferences(ours: Shape, theirs: Shape, own: string, done: Set<string>): Difference[] {
  const part = (mine: Shape | undefined, other: Shape | undefined, at: string): Difference[] => {
    if (mine === undefined) return [];
    if (other === undefined) return [{ field: at, what: 'unspecified' }];
    return valueDifferences(mine, other, at, done);
  };
  return [...part(ours.items, theirs.items, `${own}[]`), ...part(ours.values, theirs.values, `${own}.*`)];
}
