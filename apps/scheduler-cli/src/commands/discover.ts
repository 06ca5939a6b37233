import { loadEnvironment, readSettings } from '@loadin/config';
import { discoverPostgres, type Discovery } from '@loadin/jobs';
import { FatalError } from '@loadin/resilience';
import type { Command } from 'commander';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { EXIT } from '../exit-status.js';
import { createTerminalLogger } from '../logging.js';
import { collect } from '../render/options.js';
import type { Shell } from '../shell.js';
import { renderDiscovery, tableDocument } from './discover-text.js';

interface DiscoverFlags {
  readonly schema?: readonly string[];
  readonly views?: boolean;
  readonly write?: string | true;
  readonly force?: boolean;
  readonly json?: boolean;
}

const JOBS_FILE = 'loadin.jobs.yaml';

export function addDiscoverCommand(program: Command, shell: Shell, ended: (status: number) => void): void {
  program
    .command('discover')
    .summary('what a database has to read')
    .description('what there is to read in a source')
    .command('postgres')
    .description('the tables of the database that RDS_SECRET_ARN or DATABASE_URL names: columns, keys, rows, by what changes could be found')
    .option('--schema <name>', 'only this schema (repeat it for more); default: all but those of Postgres itself', collect)
    .option('--views', 'list views, materialized views and foreign tables too')
    .option('--write [file]', `write a jobs file to start from; default: ${JOBS_FILE}`)
    .option('--force', 'write over a file that is there')
    .option('--json', 'print one JSON document')
    .action(async (flags: DiscoverFlags) => {
      ended(await discover(flags, shell));
    });
}

async function discover({ schema: schemas, views, write, force, json }: DiscoverFlags, { output, env, cwd, signal }: Shell): Promise<number> {
  const environment = loadEnvironment({ cwd, env });
  const logger = createTerminalLogger(output, readSettings(environment, []).logLevel);
  const found = await discoverPostgres({ environment, schemas, views, logger, signal });
  const name = write === true ? JOBS_FILE : write;
  if (name !== undefined) await writeJobsFile(resolve(cwd, name), found, force);
  const document = { database: found.database, tables: found.tables.map(tableDocument), jobs_file: found.jobsFile };
  output.result(json ? `${JSON.stringify(document)}\n` : renderDiscovery(found, name === undefined));
  if (name !== undefined)
    output.say(
      `Wrote ${name}: all tables that this user may read. Take out what is not wanted, and set LOADIN_JOBS=${name}. Then: loadin plan bronze`,
    );
  return EXIT.complete;
}

/** Leaves a file that is there as it is, as somebody may have edited it, unless `force` says otherwise. */
async function writeJobsFile(path: string, { tables, database, jobsFile }: Discovery, force = false): Promise<void> {
  if (!tables.some(({ readable }) => readable))
    throw new FatalError('There is no table that this user may read, so no jobs file was written', { where: database });
  await writeFile(path, jobsFile, { flag: force ? 'w' : 'wx' }).catch((error: NodeJS.ErrnoException) => {
    const exists = error.code === 'EEXIST';
    throw new FatalError(exists ? 'This file is there already' : `The jobs file can't be written: ${error.code ?? error.message}`, {
      where: path,
      hint: exists
        ? 'Name another one after --write, or write over it with --force.'
        : 'Name a file in a folder that this user may write to after --write.',
      cause: error,
    });
  });
}
