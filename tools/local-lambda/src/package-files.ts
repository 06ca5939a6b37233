import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';
import { unzipSync } from 'fflate';
import { LocalLambdaError } from './types.js';

/** The folders of a function, all below one temporary folder. */
export interface PackageFiles {
  /** The unpacked zip (LAMBDA_TASK_ROOT). */
  readonly task: string;
  /** Where environments keep logs, home and temporary files. */
  readonly scratch: string;
  remove(): void;
}

/** Unpacks a deployment package. @throws LocalLambdaError when it can't be read or an entry would leave the folder */
export function unpack(zip: Uint8Array | string): PackageFiles {
  const entries = readZip(zip);
  const root = mkdtempSync(join(tmpdir(), 'local-lambda-'));
  const remove = (): void => rmSync(root, { recursive: true, force: true });
  const task = join(root, 'task');
  const scratch = join(root, 'scratch');
  mkdirSync(task);
  mkdirSync(scratch);
  for (const [name, bytes] of Object.entries(entries)) {
    const path = resolve(task, name);
    if (!path.startsWith(`${task}${sep}`)) {
      remove();
      throw new LocalLambdaError('InvalidParameterValueException', `The zip holds ${name}, which lies outside its own folder`);
    }
    if (name.endsWith('/')) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
  return { task, scratch, remove };
}

function readZip(zip: Uint8Array | string): Record<string, Uint8Array> {
  const bytes = typeof zip === 'string' ? readFileSync(zip) : zip;
  try {
    return unzipSync(bytes);
  } catch (error) {
    const what = typeof zip === 'string' ? zip : 'The zip';
    throw new LocalLambdaError(
      'InvalidParameterValueException',
      `${what} could not be unzipped: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
