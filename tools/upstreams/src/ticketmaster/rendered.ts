import type { CatalogueView } from '../catalogue/types.js';

/** Of some 3 KB each. */
const keptTexts = 10_000;
const known = new WeakMap<CatalogueView, Map<string, string>>();

/** The JSON of an item on a day, in a locale: most are asked for again and again. The latest are kept for as long as the day's view is. */
export function rendered(view: CatalogueView, kind: string, id: string, locale: string | null, body: () => unknown): string {
  const texts = known.get(view) ?? new Map<string, string>();
  known.set(view, texts);
  const name = `${kind} ${id} ${locale ?? ''}`;
  const text = texts.get(name) ?? JSON.stringify(body());
  texts.delete(name);
  texts.set(name, text);
  const [oldest] = texts.size > keptTexts ? texts.keys() : [];
  if (oldest !== undefined) texts.delete(oldest);
  return text;
}
