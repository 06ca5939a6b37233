import { FatalError } from '@loadin/resilience';
import type { RowFormat } from './feeds/row-decoder.js';
import type { QuarantinedRow } from './load.js';
import type { GroupWithSchema } from './part-writer.js';
import type { RowEncoder } from './row-encoder.js';
import type { Contract } from './schema/contract.js';
import type { StoredRows } from './stored-rows.js';

export interface UnderContract {
  readonly encoder: RowEncoder;
  readonly contract: Contract;
  readonly format: RowFormat;
  /** Columns for which no dictionary is tried any more; gets further ones. */
  readonly plain: Set<string>;
  readonly onQuarantined: ((row: QuarantinedRow) => void) | undefined;
}

/** A row group of rows as the contract has it: with a wider schema, without the rows that don't fit, or not at all (`FatalError`). */
export function encodeUnderContract(rows: StoredRows, parts: UnderContract): { group: GroupWithSchema | undefined; quarantined: number } {
  const { encoder, contract, plain } = parts;
  const without = new Set<number>();
  for (;;) {
    const { schema } = contract;
    const encoded = encoder.encode(rows, { schema, without, plain });
    if ('group' in encoded) {
      if (without.size === rows.count) return { group: undefined, quarantined: without.size };
      contract.seal();
      encoded.plain.forEach((name) => plain.add(name));
      return { group: { group: encoded.group, columns: encoded.columns, schemaVersion: schema.version }, quarantined: without.size };
    }
    if (contract.mode === 'freeze') throw contract.refusal(encoded.column);
    // The source's text: the one type that holds whatever a text was.
    if (canWiden(contract, encoded.column)) contract.widenTo(schema.columns[encoded.column]?.name ?? '', { kind: 'string' });
    else leaveOut(rows, without, encoded.column, parts);
  }
}

const canWiden = ({ mode, schema }: Contract, column: number): boolean => mode === 'evolve' && schema.columns[column]?.type?.kind !== 'string';

/** All rows that no schema of the contract has a place for. */
function leaveOut(rows: StoredRows, without: Set<number>, column: number, { encoder, contract, format, onQuarantined }: UnderContract): void {
  const { schema } = contract;
  if (onQuarantined === undefined)
    throw new FatalError(contract.reason(column), { hint: 'Nothing was published. With onQuarantined such rows are left out.' });
  for (const misfit of encoder.misfits(rows, schema)) {
    if (without.has(misfit.row) || canWiden(contract, misfit.column)) continue;
    without.add(misfit.row);
    const text = format.textOf(rows.bytes, rows.starts[misfit.row] ?? 0, rows.ends[misfit.row] ?? 0);
    onQuarantined({ text, column: schema.columns[misfit.column]?.name ?? '', reason: contract.reason(misfit.column) });
  }
}
