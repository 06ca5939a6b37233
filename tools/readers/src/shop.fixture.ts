import {
  directoryOutput,
  fileNames,
  latestSchema,
  withSchema,
  writeCopyText,
  writeRecords,
  type BronzeLoad,
  type CopyChunk,
  type PostgresColumn,
  type RecordItem,
  type SchemaFile,
} from '@loadin/bronze-writer';
import { describeLake, type BronzeEntity, type DescribeOptions, type Lake, type Statement } from '@loadin/catalogue';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAthena, type Athena } from './athena.js';

type LoadOf = Partial<BronzeLoad> & { readonly entity: string };

/** A lake in a folder whose bronze entities are loaded one after the other, each load with the schema that the last one left. */
export interface Shop {
  readonly root: string;
  copy(load: LoadOf, columns: readonly PostgresColumn[], chunks: readonly CopyChunk[]): Promise<void>;
  records(load: LoadOf, items: readonly RecordItem[]): Promise<void>;
  /** What the schema files say, as the DDL wants it. */
  entity(name: string, more?: Partial<BronzeEntity>): BronzeEntity;
  /** Everything that describes the lake, run. */
  athena(lake: Lake, options?: DescribeOptions): Promise<{ readonly athena: Athena; readonly statements: readonly Statement[] }>;
  close(): void;
}

export const BUCKET = 'shop';

export function openShop(): Shop {
  const root = mkdtempSync(join(tmpdir(), 'loadin-readers-'));
  const files = new Map<string, SchemaFile>();
  const opened: Athena[] = [];
  let loads = 0;
  const loaded = async (load: LoadOf, write: (load: BronzeLoad) => ReturnType<typeof writeRecords>): Promise<void> => {
    const { entity } = load;
    const number = ++loads;
    const ingestionId = `5c7f9e0a-0000-5000-8000-${String(number).padStart(12, '0')}`;
    const output = directoryOutput(root, ingestionId);
    const before = files.get(entity);
    const report = await write({
      ingestionDate: '2026-03-01',
      loadType: number === 1 ? 'full' : 'incremental',
      ingestionTs: `${load.ingestionDate ?? '2026-03-01'}T02:00:00Z`,
      sourceSystem: 'rds',
      memoryBytes: 2 ** 20,
      schema: before && latestSchema(before),
      ingestionId,
      output,
      ...load,
    });
    await output.commit();
    files.set(entity, withSchema(before, entity, report.schema, ingestionId));
  };
  return {
    root,
    copy: (load, columns, chunks) => loaded(load, (each) => writeCopyText(each, columns, chunks)),
    records: (load, items) => loaded(load, (each) => writeRecords(each, items)),
    entity(name, more) {
      const versions = (files.get(name)?.versions ?? []).map(({ version, columns }) => {
        const names = fileNames(columns.map((column) => column.name));
        return { version, columns: columns.map(({ type }, n) => ({ name: names[n] ?? '', type })) };
      });
      return { entity: name, versions, ...more };
    },
    async athena(lake, options) {
      const athena = await openAthena({ [BUCKET]: root });
      opened.push(athena);
      const statements = describeLake(lake, options);
      for (const { kind, sql } of statements) if (kind !== 'query') await athena.run(sql);
      return { athena, statements };
    },
    close() {
      opened.forEach((athena) => athena.close());
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Lines of COPY. */
export const lines = (...rows: readonly (readonly (string | null)[])[]): Buffer =>
  Buffer.from(rows.map((row) => `${row.map((field) => field ?? '\\N').join('\t')}\n`).join(''));
