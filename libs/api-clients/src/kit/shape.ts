/** Where something is in a JSON value: `_embedded.events`; the empty path is the value itself. */
export type Path = string;

/** What an answer must have to count as one; another is asked for again. */
export interface Expected {
  /** Types by path: `{ 'page.totalPages': 'number' }`. Default: none. */
  readonly expects?: Readonly<Record<Path, 'string' | 'number' | 'boolean' | 'object' | 'list'>>;
  /** What types can't say. */
  readonly isValid?: (body: unknown) => boolean;
}

/** An answer with one value. The type of the value is a promise of the service; `expects` makes sure of what the caller builds on. */
export interface One<T> extends Expected {
  readonly shape: 'one';
  readonly at: Path;
  /** Never there: it carries the type. */
  readonly valueType?: T;
}

/** An answer with a list. Entries can be null, as services send them. */
export interface List<Item, Body> extends Expected {
  readonly shape: 'list';
  readonly at: Path;
  readonly missing: 'malformed' | 'empty';
  /** Never there: they carry the types. */
  readonly itemType?: Item;
  readonly bodyType?: Body;
}

/** One value, at `at` in the body. Default: the body itself. */
export function one<T>(at: Path = '', expected: Expected = {}): One<T> {
  return { shape: 'one', at, ...expected };
}

/** A list at `at` in the body. `missing: 'empty'`: an answer without the list has no items. Default: it is malformed. */
export function list<Item, Body = unknown>(at: Path, options: Expected & { readonly missing?: 'malformed' | 'empty' } = {}): List<Item, Body> {
  return { shape: 'list', at, missing: 'malformed', ...options };
}

/** What lies at a path; `undefined` where the value has another shape. */
export function valueAt(value: unknown, path: Path): unknown {
  let found = value;
  for (const name of path === '' ? [] : path.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as Record<string, unknown>)[name];
  }
  return found;
}

/** A text or number at a path, as text; `undefined` for anything else, and for an empty text. */
export function textAt(value: unknown, path: Path): string | undefined {
  const found = valueAt(value, path);
  return (typeof found === 'string' && found !== '') || typeof found === 'number' ? String(found) : undefined;
}

export function itemsOf({ at, missing }: List<unknown, unknown>, body: unknown): readonly unknown[] | undefined {
  const found = valueAt(body, at);
  if (Array.isArray(found)) return found;
  return found === undefined && missing === 'empty' ? [] : undefined;
}

export function isShaped(answer: One<unknown> | List<unknown, unknown>, body: unknown): boolean {
  const found = answer.shape === 'one' ? valueAt(body, answer.at) : itemsOf(answer, body);
  const typed = Object.entries(answer.expects ?? {}).every(([path, type]) => typeOf(valueAt(body, path)) === type);
  return found !== undefined && found !== null && typed && answer.isValid?.(body) !== false;
}

const typeOf = (value: unknown): string => (Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value);
