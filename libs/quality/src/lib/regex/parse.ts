import { ANY, CLASSES, inverted, joined } from './ranges.js';
import type { Node, Ranges } from './types.js';

/** What is wrong with a pattern, in words that fit behind «the pattern». */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

const MOST_REPEATS = 1_000;
const DEEPEST = 100;

interface Source {
  readonly characters: readonly string[];
  at: number;
  depth: number;
}

/** A pattern as a tree; means what it means in JavaScript with the flag `u`. Throws `PatternError` for what is wrong or needs more than linear time. */
export function parsePattern(pattern: string): Node {
  const source: Source = { characters: Array.from(pattern), at: 0, depth: 0 };
  const node = either(source);
  if (source.at < source.characters.length) throw new PatternError('has a ) without a (');
  return node;
}

const peek = ({ characters, at }: Source): string | undefined => characters[at];
const take = (source: Source, wanted: string): boolean => (peek(source) === wanted ? (source.at++, true) : false);

function either(source: Source): Node {
  if (++source.depth > DEEPEST) throw new PatternError(`has more than ${DEEPEST} groups in one another`);
  const of = [sequence(source)];
  while (take(source, '|')) of.push(sequence(source));
  source.depth--;
  return of.length === 1 ? (of[0] as Node) : { kind: 'either', of };
}

function sequence(source: Source): Node {
  const of: Node[] = [];
  for (let next = peek(source); next !== undefined && next !== '|' && next !== ')'; next = peek(source)) of.push(repeated(source));
  return { kind: 'sequence', of };
}

function repeated(source: Source): Node {
  const of = atom(source);
  const times = quantifier(source);
  if (times === undefined) return of;
  if (of.kind === 'start' || of.kind === 'end') throw new PatternError('repeats ^ or $');
  // Lazy or greedy is the same for whether something is found.
  take(source, '?');
  if (quantifier(source) !== undefined) throw new PatternError('has two repetitions in a row');
  return { kind: 'repeat', of, ...times };
}

function quantifier(source: Source): { least: number; most: number | undefined } | undefined {
  if (take(source, '*')) return { least: 0, most: undefined };
  if (take(source, '+')) return { least: 1, most: undefined };
  if (take(source, '?')) return { least: 0, most: 1 };
  if (peek(source) !== '{') return undefined;
  const close = source.characters.indexOf('}', source.at);
  const [, least, comma, most] = /^\{(\d{1,6})(,(\d{1,6})?)?\}$/.exec(source.characters.slice(source.at, close + 1).join('')) ?? [];
  if (close < 0 || least === undefined) throw new PatternError('has a { that begins no repetition such as {2,5}; a plain one is \\{');
  source.at = close + 1;
  const times = { least: Number(least), most: comma === undefined ? Number(least) : most === undefined ? undefined : Number(most) };
  if (times.most !== undefined && times.most < times.least) throw new PatternError(`repeats at least ${least} and at most ${most} times`);
  if (Math.max(times.least, times.most ?? 0) > MOST_REPEATS) throw new PatternError(`repeats more than ${MOST_REPEATS} times`);
  return times;
}

function atom(source: Source): Node {
  const next = source.characters[source.at++];
  switch (next) {
    case '(':
      return group(source);
    case '[':
      return { kind: 'set', ranges: bracket(source) };
    case '.':
      return { kind: 'set', ranges: ANY };
    case '^':
      return { kind: 'start' };
    case '$':
      return { kind: 'end' };
    case '\\':
      return { kind: 'set', ranges: escape(source, false) };
    case '*':
    case '+':
    case '?':
    case '{':
      throw new PatternError(`has a ${next} with nothing before it; a plain one is \\${next}`);
    case ']':
    case '}':
      throw new PatternError(`has a ${next} without its beginning; a plain one is \\${next}`);
    default:
      return { kind: 'set', ranges: one(next ?? '') };
  }
}

function group(source: Source): Node {
  if (take(source, '?') && !take(source, ':'))
    throw new PatternError('has a (?…) other than (?:…); look-ahead, look-behind, names and flags are not supported');
  const node = either(source);
  if (!take(source, ')')) throw new PatternError('has a ( without a )');
  return node;
}

const one = (character: string): Ranges => {
  const code = character.codePointAt(0) ?? 0;
  return [[code, code]];
};

function bracket(source: Source): Ranges {
  const isInverted = take(source, '^');
  const ranges: (readonly [number, number])[] = [];
  while (!take(source, ']')) {
    const from = bracketItem(source);
    if (peek(source) !== '-' || source.characters[source.at + 1] === ']') ranges.push(...from);
    else {
      source.at++;
      const to = bracketItem(source);
      const [low, high] = [single(from), single(to)];
      if (low > high) throw new PatternError('has a range in [ ] whose end is before its beginning');
      ranges.push([low, high]);
    }
  }
  return isInverted ? inverted(ranges) : joined(ranges);
}

function bracketItem(source: Source): Ranges {
  const next = source.characters[source.at++];
  if (next === undefined) throw new PatternError('has a [ without a ]');
  return next === '\\' ? escape(source, true) : one(next);
}

function single(ranges: Ranges): number {
  const [range] = ranges;
  if (ranges.length !== 1 || range === undefined || range[0] !== range[1])
    throw new PatternError('has a range in [ ] from or to a class such as \\d');
  return range[0];
}

const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13 };

function escape(source: Source, inBracket: boolean): Ranges {
  const next = source.characters[source.at++];
  if (next === undefined) throw new PatternError('ends with a \\');
  const found = CLASSES.get(next);
  if (found !== undefined) return found;
  const control = CONTROLS[next];
  if (control !== undefined) return [[control, control]];
  if ('^$\\.*+?()[]{}|/'.includes(next) || (inBracket && next === '-')) return one(next);
  if (next === 'x') return hexadecimal(source, 2);
  if (next === 'u') return take(source, '{') ? braced(source) : hexadecimal(source, 4);
  if (/[1-9k]/.test(next)) throw new PatternError('has a back-reference, which is not supported');
  throw new PatternError(`has \\${next}, which is not supported`);
}

function hexadecimal(source: Source, digits: number): Ranges {
  const text = source.characters.slice(source.at, source.at + digits).join('');
  if (text.length !== digits || !/^[0-9a-fA-F]+$/.test(text))
    throw new PatternError(`needs ${digits} hexadecimal digits after \\${digits === 2 ? 'x' : 'u'}`);
  source.at += digits;
  const code = parseInt(text, 16);
  if (code >= 0xd800 && code <= 0xdfff) throw new PatternError('has half of a surrogate pair; write \\u{1F3AB}');
  return [[code, code]];
}

function braced(source: Source): Ranges {
  const close = source.characters.indexOf('}', source.at);
  const text = source.characters.slice(source.at, Math.max(close, source.at)).join('');
  const code = /^[0-9a-fA-F]{1,6}$/.test(text) ? parseInt(text, 16) : Infinity;
  if (code > 0x10ffff) throw new PatternError('has a \\u{…} that is no code point');
  source.at = close + 1;
  return [[code, code]];
}
