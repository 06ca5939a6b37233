import { visit, type Document, type YAMLParseError, type YAMLWarning } from 'yaml';

const LONGEST = 160;

/** What a YAML parser has to say, for people who write YAML and not for those who program with it: one line of a bounded length. */
export function yamlFault({ code, pos, message }: YAMLParseError | YAMLWarning, text: string): string {
  if (code === 'DUPLICATE_KEY') return `${keyAt(text, pos[0])} is there twice`;
  if (code === 'MULTIPLE_DOCS') return 'begins another document (---): a jobs file is one';
  if (code === 'TAB_AS_INDENT') return 'is indented by a tab: YAML wants spaces';
  const line = message.split('\n')[0] ?? '';
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

const keyAt = (text: string, offset: number): string => /^[^\s:]+/.exec(text.slice(offset, offset + LONGEST))?.[0] ?? 'a key';

/** The first alias (`*x`) to something that is not named before (`&x`). */
export function unresolvedAlias(document: Document): { offset: number; message: string } | undefined {
  let found: { offset: number; message: string } | undefined;
  visit(document, {
    Alias: (_key, alias) => {
      if (alias.resolve(document) !== undefined) return undefined;
      const name = alias.source;
      found = {
        offset: alias.range?.[0] ?? 0,
        message: `*${name} stands for nothing: there is no &${name} before it (a text with a * is written in quotes)`,
      };
      return visit.BREAK;
    },
  });
  return found;
}
