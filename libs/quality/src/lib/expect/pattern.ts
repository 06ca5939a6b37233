import { RE2JS, RE2JSSyntaxException } from 're2js';

/** What is wrong with a pattern, in words that fit behind «the pattern». */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/**
 * Whether the pattern is found in a text, in time linear in the text for every pattern: a jobs file must not be able to stop a load with one that backtracks.
 * The syntax is RE2's (https://github.com/google/re2/wiki/Syntax). Throws `PatternError`.
 */
export function createMatcher(pattern: string): (text: string) => boolean {
  const compiled = compile(pattern);
  return (text) => compiled.test(text);
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    if (error instanceof RE2JSSyntaxException)
      throw new PatternError(`is no regular expression of RE2: ${error.message.replace(/^error parsing regexp: /, '')}`);
    throw error;
  }
}
