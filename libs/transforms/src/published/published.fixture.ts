import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SCHEMA_VERSIONS } from '../lib/record-classes.js';
import { recordSchema } from '../lib/schema/record-schema.js';
import { DATA_TYPES } from '../lib/types.js';
import { readDocComments } from './doc-comments.fixture.js';
import { printJson } from './print-json.fixture.js';
import { recordsPage } from './records-page.fixture.js';

const ROOT = join(__dirname, '../../../..');

export interface PublishedFile {
  /** From the workspace's root. */
  readonly path: string;
  /** What it must hold. */
  readonly text: string;
  /** What it holds; undefined when it is not there. */
  readonly found: string | undefined;
}

/** The files that are made from the record classes. A baseline that exists is what was published under that version: it is never made again. */
export function publishedFiles(): PublishedFile[] {
  const describe = readDocComments();
  const schemas = DATA_TYPES.flatMap((dataType) => {
    const text = `${printJson(recordSchema(dataType, describe))}\n`;
    const baseline = `libs/transforms/schemas/baseline/${dataType}.${SCHEMA_VERSIONS[dataType]}.schema.json`;
    const published = file(`libs/transforms/schemas/${dataType}.schema.json`, text);
    return existsSync(join(ROOT, baseline)) ? [published] : [published, file(baseline, text)];
  });
  return [...schemas, file('docs/reference/records.md', recordsPage(describe))];
}

function file(path: string, text: string): PublishedFile {
  const full = join(ROOT, path);
  return { path, text, found: existsSync(full) ? readFileSync(full, 'utf8') : undefined };
}

export function write({ path, text }: PublishedFile): void {
  mkdirSync(dirname(join(ROOT, path)), { recursive: true });
  writeFileSync(join(ROOT, path), text);
}
