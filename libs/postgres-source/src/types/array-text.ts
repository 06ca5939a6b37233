/** An array as Postgres prints it, taken apart. */
export interface ArrayValue {
  /** 0 for `{}`. */
  readonly dimensions: number;
  /** Whether the first element of each dimension has number 1, as it has unless somebody chose otherwise. */
  readonly startsAtOne: boolean;
  /** One-dimensional: elements in order, each the text that Postgres prints, or `null`. More dimensions: nested. */
  readonly elements: readonly ArrayElement[];
}
export type ArrayElement = string | null | readonly ArrayElement[];

/**
 * Reads `{1,NULL,"a \"b\"",…}`, with its bounds if it has some (`[0:1]={…}`). Throws `SyntaxError` for what is no array.
 * Source: PostgreSQL documentation, Arrays, array input and output syntax.
 */
export function parseArray(text: string, delimiter = ','): ArrayValue {
  const bounds = /^(?:\[[+-]?\d+:[+-]?\d+\])+=/.exec(text)?.[0] ?? '';
  const { elements, next } = readBraces(text, bounds.length, delimiter);
  if (next !== text.length) throw noArray(text);
  let dimensions = 0;
  for (let level: ArrayElement | undefined = elements; Array.isArray(level) && (level.length > 0 || dimensions > 0); level = level[0])
    dimensions += 1;
  return { dimensions, startsAtOne: !/\[(?!1:)/.test(bounds), elements };
}

const noArray = (text: string): SyntaxError => new SyntaxError(`No array as Postgres prints them: ${text.slice(0, 40)}`);

function readBraces(text: string, start: number, delimiter: string): { elements: ArrayElement[]; next: number } {
  if (text[start] !== '{') throw noArray(text);
  const elements: ArrayElement[] = [];
  let at = start + 1;
  if (text[at] === '}') return { elements, next: at + 1 };
  while (true) {
    if (text[at] === '{') {
      const inner = readBraces(text, at, delimiter);
      elements.push(inner.elements);
      at = inner.next;
    } else if (text[at] === '"') {
      const quoted = /"((?:[^"\\]|\\.)*)"/sy;
      quoted.lastIndex = at;
      const [whole, inside] = quoted.exec(text) ?? [];
      if (whole === undefined || inside === undefined) throw noArray(text);
      elements.push(inside.replace(/\\(.)/gs, '$1'));
      at += whole.length;
    } else {
      const from = at;
      while (at < text.length && text[at] !== delimiter && text[at] !== '}') at += text[at] === '\\' ? 2 : 1;
      const plain = text.slice(from, at);
      elements.push(plain === 'NULL' ? null : plain.replace(/\\(.)/gs, '$1'));
    }
    if (text[at] === '}') return { elements, next: at + 1 };
    if (text[at] !== delimiter) throw noArray(text);
    at += 1;
  }
}
