import { readExpectations } from './expect/read-expectations.js';
import { block, LOAD } from './inspect.fixture.js';
import { openCopyInspector, openRecordInspector } from './inspector.js';
import type { Inspection, InspectorOptions, LeftOutRow } from './types.js';

const COLUMNS = [
  { name: 'id', type: 'bigint' },
  { name: 'total', type: 'numeric' },
  { name: 'status', type: 'text' },
  { name: 'updated_at', type: 'timestamp with time zone' },
];

export type Values = readonly (string | null)[];

/** One row that is as everybody expects, with other values in some columns. */
export const row = (changes: Partial<Record<'id' | 'total' | 'status' | 'updated_at', string | null>> = {}): Values =>
  Object.values({ id: '1', total: '10.00', status: 'paid', updated_at: '2026-03-01 01:00:00+00', ...changes });

export interface Inspected extends Inspection {
  readonly leftOutRows: readonly LeftOutRow[];
}

function expectationsOf(list: readonly unknown[]): Pick<InspectorOptions, 'expect'> {
  const { expectations, faults } = readExpectations(list);
  if (faults.length > 0) throw new Error(JSON.stringify(faults));
  return { expect: expectations };
}

export async function inspect(expect: readonly unknown[], rows: readonly Values[], options: Partial<InspectorOptions> = {}): Promise<Inspected> {
  const inspector = await openCopyInspector({ load: LOAD, columns: COLUMNS, ...expectationsOf(expect), ...options });
  try {
    const leftOutRows = inspector.inspectBlock(block(rows));
    return { ...(await inspector.finish()), leftOutRows };
  } finally {
    inspector.close();
  }
}

export async function inspectRecords(expect: readonly unknown[], records: readonly unknown[]): Promise<Inspected> {
  const inspector = await openRecordInspector({ load: LOAD, columns: [], ...expectationsOf(expect) });
  try {
    const leftOutRows = inspector.inspectRecords(records);
    return { ...(await inspector.finish()), leftOutRows };
  } finally {
    inspector.close();
  }
}

export const messages = ({ findings }: Inspection): string[] => findings.map(({ message }) => message);
