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
  readonly onQuarantined: ((row: QuarantinedRow) => void) | undefined;
}

/** A row group of rows as the contract has it: with a wider schema, without the rows that don't fit, or not at all (`FatalError`). */
export function encodeUnderContract(
  rows: StoredRows,
  { encoder, contract, format, onQuarantined }: UnderContract,
): { group: GroupWithSchema | undefined; quarantined: number } {
  const without = new Set<number>();
  for (;;) {
    const { schema } = contract;
    const encoded = encoder.encode(rows, schema, without);
    if ('group' in encoded) {
      if (without.size === rows.count) return { group: undefined, quarantined: without.size };
      contract.seal();
      return { group: { ...encoded, schemaVersion: schema.version }, quarantined: without.size };
    }
    if (contract.mode === 'freeze') throw contract.refusal(encoded.column);
    // The source's text: the one type that holds whatever a text was.
    if (contract.mode === 'evolve') contract.widenTo(schema.columns[encoded.column]?.name ?? '', { kind: 'string' });
    else {
      for (const { row, column } of encoder.misfits(rows, schema)) {
        without.add(row);
        const text = format.textOf(rows.bytes, rows.starts[row] ?? 0, rows.ends[row] ?? 0);
        onQuarantined?.({ text, column: schema.columns[column]?.name ?? '', reason: contract.reason(column) });
      }
    }
  }
}
