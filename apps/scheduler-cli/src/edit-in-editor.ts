import type { JsonObject } from '@loadin/pipeline';
import { FatalError } from '@loadin/resilience';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Shell } from './shell.js';

/** Opens a value in the person's editor and gives what it was left as. Throws `FatalError` when there is no editor, it fails, or its text is no JSON object: the text is kept then. */
export async function editInEditor(value: JsonObject, name: string, { env }: Pick<Shell, 'env'>): Promise<JsonObject> {
  const editor = env['VISUAL'] || env['EDITOR'];
  if (editor === undefined || editor === '')
    throw new FatalError('There is no editor to open', {
      hint: 'Set EDITOR, or name what is to change: --set last_sync_timestamp=2024-01-15T10:30:00Z.',
    });
  const folder = await mkdtemp(join(tmpdir(), 'loadin-'));
  const file = join(folder, `${name.replaceAll(/[^\w.-]/g, '_')}.json`);
  await writeFile(file, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  const status = await run(editor, file, env);
  if (status !== 0)
    throw new FatalError(`The editor ended with status ${status}`, { where: editor, hint: `Nothing was changed. Your text is in ${file}.` });
  const edited = parse(await readFile(file, 'utf8'), file);
  await rm(folder, { recursive: true });
  return edited;
}

/** Through a shell, as git does it: an editor may be set with options. */
async function run(editor: string, file: string, env: Shell['env']): Promise<number> {
  const child = spawn('/bin/sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: 'inherit', env });
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve(code ?? 1));
  });
}

function parse(text: string, file: string): JsonObject {
  let problem = 'it is no JSON object';
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch (error) {
    problem = (error as Error).message;
  }
  throw new FatalError(`What you wrote can't be taken: ${problem}`, { where: file, hint: 'Nothing was changed. Your text is still there.' });
}
