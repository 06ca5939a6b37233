import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Describe } from '../lib/schema/json-schema.js';

const FOLDER = join(__dirname, '../lib/records');
const COMMENT = /\/\*\*([\s\S]*?)\*\//g;
// Behind its comment stands a class, or a field after its decorators.
const DOCUMENTED = /^\s*(?:export class (\w+)|(?:@[^\n]+\n\s*)+(\w+)[!?]?: )/;

/** The doc comments of the record classes and their fields, in one line each. */
export function readDocComments(): Describe {
  const words = new Map<string, string>();
  for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.ts'))) readFile(readFileSync(join(FOLDER, file), 'utf8'), words);
  return (type, field) => words.get(field === undefined ? type : `${type}.${field}`);
}

function readFile(source: string, words: Map<string, string>): void {
  let type = '';
  for (const comment of source.matchAll(COMMENT)) {
    const [, className, field] = DOCUMENTED.exec(source.slice(comment.index + comment[0].length)) ?? [];
    type = className ?? type;
    if (className === undefined && field === undefined) continue;
    words.set(field === undefined ? type : `${type}.${field}`, (comment[1] ?? '').replace(/\s*\n\s*\* ?/g, ' ').trim());
  }
}
