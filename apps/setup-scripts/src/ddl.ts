import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { printStatement, printStatements, type Statement } from '@loadin/catalogue';
import type { Environment } from '@loadin/config';
import { describeCatalogue } from '@loadin/jobs';
import { FatalError } from '@loadin/resilience';
import { InvalidArgumentError } from 'commander';
import { stepLine, type Output } from './output.js';

export interface DdlOptions {
  readonly entity?: readonly string[];
  readonly key?: ReadonlyMap<string, readonly string[]>;
  readonly since?: string;
  readonly replace?: boolean;
  readonly out?: string;
  readonly json?: boolean;
}

/** Prints what Athena has to be told of the lakes, or writes it into files; calls nothing but S3, and reads. */
export async function ddl(environment: Environment, { entity, key, since, replace, out, json }: DdlOptions, output: Output): Promise<void> {
  const statements = await describeCatalogue({ environment, entities: entity, keys: key, since, replace });
  if (out !== undefined) await writeFiles(out, statements, output);
  if (json === true) output.print(JSON.stringify(statements, null, 2));
  else if (out === undefined) output.print(printStatements(statements).trimEnd());
}

/** A statement a file, numbered in the order in which they can be run. */
async function writeFiles(folder: string, statements: readonly Statement[], { complain }: Output): Promise<void> {
  const digits = String(statements.length).length;
  try {
    await mkdir(folder, { recursive: true });
    for (const [n, statement] of statements.entries()) {
      const name = `${statement.kind}_${statement.name}`.toLowerCase().replaceAll(/[^a-z0-9_]+/g, '_');
      const file = join(folder, `${String(n + 1).padStart(digits, '0')}_${name}.sql`);
      await writeFile(file, printStatement(statement));
      complain(stepLine('created', file));
      for (const note of statement.notes) complain(stepLine('warning', statement.name, undefined, note));
    }
  } catch (cause) {
    throw new FatalError(`The files can't be written: ${(cause as NodeJS.ErrnoException).code ?? String(cause)}`, {
      where: folder,
      hint: 'Name a folder that you may write to.',
      cause,
    });
  }
}

/** For options that may be given more than once. */
export const each = (value: string, before: readonly string[] = []): string[] => [...before, value];

/** `orders=id` or `order_items=order_id,line` */
export function keyOf(value: string, before: ReadonlyMap<string, readonly string[]> = new Map()): Map<string, readonly string[]> {
  const [, entity, columns = ''] = /^([^=]+)=(.+)$/.exec(value) ?? [];
  const named = columns.split(',').map((column) => column.trim());
  if (entity === undefined || named.includes('')) throw new InvalidArgumentError('Give an entity and its columns: orders=id');
  return new Map([...before, [entity.trim(), named]]);
}

export function day(value: string): string {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(`${value}T00:00:00Z`) : NaN;
  if (Number.isNaN(time) || !new Date(time).toISOString().startsWith(value)) throw new InvalidArgumentError('Give a day: 2026-03-01');
  return value;
}
