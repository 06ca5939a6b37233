import { invalidArgument } from './errors.js';
import { compareKeys, firstIndex } from './key-order.js';

/** What one step of a listing gives: a key, or the prefix that stands for all keys below it. */
export type ListItem = { readonly key: string } | { readonly prefix: string };

export interface ListOptions {
  readonly prefix: string;
  readonly delimiter: string;
  /** Only keys after this one; after a common prefix: only keys behind all that it stands for. */
  readonly after: { readonly key: string } | { readonly prefix: string } | undefined;
  /** Keys to be passed over; a prefix with no other keys is not given. Default: none. */
  readonly hidden?: (key: string) => boolean;
}

/** Walks the sorted keys from one item to the next; the keys below a common prefix are skipped, not visited. */
export function* listKeys(keys: readonly string[], { prefix, delimiter, after, hidden = () => false }: ListOptions): Generator<ListItem> {
  let index = firstIndex(keys, (key) => compareKeys(key, prefix) >= 0);
  if (after !== undefined)
    index = 'key' in after ? firstIndex(keys, (key) => compareKeys(key, after.key) > 0, index) : skip(keys, after.prefix, index);
  while (index < keys.length) {
    const key = keys[index] as string;
    if (!key.startsWith(prefix)) return;
    if (hidden(key)) {
      index += 1;
      continue;
    }
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    if (cut < 0) {
      yield { key };
      index += 1;
      continue;
    }
    const common = key.slice(0, cut + delimiter.length);
    yield { prefix: common };
    index = skip(keys, common, index);
  }
}

/** The index of the first key behind all that begin with the prefix. */
function skip(keys: readonly string[], prefix: string, from: number): number {
  return firstIndex(keys, (key) => !key.startsWith(prefix) && compareKeys(key, prefix) > 0, from);
}

/** A page of at most `limit` items, and where the next one begins. */
export function takePage(items: Iterable<ListItem>, limit: number): { page: ListItem[]; next?: ListItem } {
  const page: ListItem[] = [];
  if (limit === 0) return { page };
  for (const item of items) {
    if (page.length === limit) return { page, next: page[page.length - 1] };
    page.push(item);
  }
  return { page };
}

export const keysOf = (page: readonly ListItem[]): string[] => page.flatMap((item) => ('key' in item ? [item.key] : []));

export const prefixesOf = (page: readonly ListItem[], encode: (text: string) => string): { Prefix: string }[] =>
  page.flatMap((item) => ('prefix' in item ? [{ Prefix: encode(item.prefix) }] : []));

/** `max-keys` and its like: at most 1,000, which is also the default. */
export function readLimit(query: URLSearchParams, name: string): number {
  const given = query.get(name);
  if (given === null || given === '') return 1000;
  if (!/^-?\d+$/.test(given)) throw invalidArgument(`Provided ${name} not an integer or within integer range`, name, given);
  if (Number(given) < 0) throw invalidArgument(`Argument ${name} must be an integer between 0 and 2147483647`, name, given);
  return Math.min(Number(given), 1000);
}

/** How names are written: as they are, or percent-encoded with `encoding-type=url`, for keys that XML can't hold. */
export function readEncoding(query: URLSearchParams): (text: string) => string {
  const given = query.get('encoding-type');
  if (given === null) return (text) => text;
  if (given !== 'url') throw invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type', given);
  return (text) => encodeURIComponent(text).replace(/%2F/g, '/');
}
