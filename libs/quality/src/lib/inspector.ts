import { FatalError } from '@loadin/resilience';
import { createChecks } from './checks/create-checks.js';
import { columnsOf } from './checks/wording.js';
import type { RowCheck } from './checks/types.js';
import { createRecordRows } from './fields/record-row.js';
import { createFieldView, createRow, scanCopyRow, setRowBytes, type Row } from './fields/row.js';
import { inspectionOf } from './inspection.js';
import { createProfiler } from './profile/profiler.js';
import type { Profile } from './profile/types.js';
import type { Inspector, InspectorOptions, LeftOutRow } from './types.js';

/** For COPY text: `columns` has all of the rows' fields. Throws `FatalError` when something is expected of a column that is not there. */
export function openCopyInspector(options: InspectorOptions): Promise<Inspector> {
  const names = options.columns.map(({ name }) => name);
  return open(options, names, (column) => {
    const place = names.indexOf(column);
    if (place >= 0) return place;
    throw new FatalError(`There is no column "${column}" to expect something of`, {
      where: options.load.entity,
      hint: `Columns: ${names.join(', ')}.`,
    });
  });
}

/** For records: `columns` has those that are declared; others are found as they come. */
export function openRecordInspector(options: InspectorOptions): Promise<Inspector> {
  const expected = (options.expect ?? []).flatMap(columnsOf);
  const names = [...new Set([...options.columns.map(({ name }) => name), ...expected])];
  return open(options, names, (column) => names.indexOf(column));
}

async function open(options: InspectorOptions, names: readonly string[], placeOf: (column: string) => number): Promise<Inspector> {
  const { load } = options;
  const checks = await createChecks(options, placeOf);
  const profiler = options.profile === false ? undefined : createProfiler(options.columns);
  const row = createRow(names.length);
  const records = createRecordRows(names, row);
  const view = createFieldView();
  let [rows, leftOut, isOfRecords] = [0, 0, false];

  /** Why the row is left out, if it is. */
  const look = (columns: number): string | undefined => {
    rows++;
    const reason = reasonAgainst(checks, row, view);
    if (reason !== undefined) {
      leftOut++;
      return reason;
    }
    for (const check of checks) check.keep?.(row, view);
    profiler?.add(row, columns);
    return undefined;
  };

  return {
    inspectBlock({ bytes, count, starts, ends }) {
      const found: LeftOutRow[] = [];
      // Code that sees one kind of array only is faster than code that sees buffers too.
      setRowBytes(row, new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      for (let n = 0; n < count; n++) {
        const fields = scanCopyRow(row, starts[n] ?? 0, ends[n] ?? 0);
        if (fields !== names.length) throw wrongFields(fields, names.length, load.entity);
        const reason = look(fields);
        if (reason !== undefined) found.push({ row: n, reason });
      }
      return found;
    },
    inspectRecords(items) {
      isOfRecords = true;
      const found: LeftOutRow[] = [];
      for (const [n, item] of items.entries()) {
        if (typeof item !== 'object' || item === null || Array.isArray(item)) continue;
        records.set(item as Readonly<Record<string, unknown>>);
        const reason = look(records.names.length);
        if (reason !== undefined) found.push({ row: n, reason });
      }
      return found;
    },
    finish() {
      const unseen = isOfRecords && rows > 0 ? names.filter((_, place) => !records.wasSeen(place)) : [];
      const inspection = inspectionOf(checks, { rows, leftOut, unseen: new Set(unseen), load });
      const profile = profiler && { ...profiler.finish(load, records.names, records.leftOut()), ...newestOf(checks) };
      return Promise.resolve({ ...inspection, ...(profile && { profile }) });
    },
    close() {
      for (const check of checks) check.close?.();
    },
  };
}

function reasonAgainst(checks: readonly RowCheck[], row: Row, view: ReturnType<typeof createFieldView>): string | undefined {
  let reason: string | undefined;
  for (const check of checks) {
    if (check.holds(row, view)) continue;
    check.broken++;
    if (check.expectation.severity === 'quarantine') reason = reason === undefined ? check.reason : `${reason}; ${check.reason}`;
  }
  return reason;
}

function newestOf(checks: readonly RowCheck[]): Pick<Profile, 'newest'> {
  const newest = checks.flatMap((check) => {
    const found = check.newest?.();
    return found === undefined ? [] : [found];
  });
  return newest.length > 0 ? { newest: Object.fromEntries(newest) } : {};
}

const wrongFields = (found: number, wanted: number, where: string): FatalError =>
  new FatalError(`A row of COPY has ${found} fields and not ${wanted}`, { where, hint: 'Name the columns in the order of the COPY command.' });
