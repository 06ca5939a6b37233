import type { RunEvent, RunObserver } from '@loadin/pipeline';
import { renderTable } from './table.js';
import { count } from './units.js';

export interface ProgressView {
  readonly observe: RunObserver;
  /** Leaves the screen as a finished text; call it before anything else is printed. */
  end(): void;
}

interface Row {
  readonly state: string;
  readonly read: number;
  readonly delivered: number;
}

/** How often a moving picture is drawn again at most, milliseconds. */
const REDRAW_MS = 100;

/** A table that is drawn over itself while the run goes on: for terminals alone. */
export function createLiveProgress(out: NodeJS.WriteStream, now: () => number): ProgressView {
  const rows = new Map<string, Row>();
  let drawn = 0;
  let last = 0;
  const draw = (): void => {
    const cells = [...rows].map(([stream, { state, read, delivered }]) => [stream, state, count(read), count(delivered)]);
    const lines = renderTable([{ title: '' }, { title: '' }, { title: 'read', align: 'right' }, { title: 'delivered', align: 'right' }], cells);
    const up = drawn > 0 ? `\u001b[${drawn}A` : '';
    out.write(`${up}${lines.map((line) => `\u001b[2K${line}\n`).join('')}`);
    drawn = lines.length;
    last = now();
  };
  return {
    observe(event) {
      update(rows, event);
      if (event.type !== 'progress' || now() - last >= REDRAW_MS) draw();
    },
    end: () => {
      if (rows.size > 0) draw();
    },
  };
}

function update(rows: Map<string, Row>, event: RunEvent): void {
  if (event.type === 'planned') for (const { id } of event.plan.streams) rows.set(id, { state: 'waiting', read: 0, delivered: 0 });
  if (event.type === 'stream-started') rows.set(event.stream, { state: 'reading', read: 0, delivered: 0 });
  if (event.type === 'progress') rows.set(event.stream, { state: 'reading', ...counts(event.ledger) });
  if (event.type === 'stream-ended') rows.set(event.stream, { state: event.report.status, ...counts(event.report.ledger) });
}

/** Delivered to every sink: the slowest one counts. */
function counts({ read, sinks }: Extract<RunEvent, { type: 'progress' }>['ledger']): Pick<Row, 'read' | 'delivered'> {
  const delivered = Object.values(sinks).map((sink) => sink.delivered + sink.dead_lettered);
  return { read, delivered: delivered.length === 0 ? 0 : Math.min(...delivered) };
}

/** Without a terminal a line now and then says how far each stream is. */
export function createLineProgress(write: (line: string) => void, now: () => number, everyMs = 5000): ProgressView {
  const last = new Map<string, number>();
  return {
    observe(event) {
      if (event.type !== 'progress') return;
      const due = (last.get(event.stream) ?? now() - everyMs) + everyMs <= now();
      if (!due) return;
      last.set(event.stream, now());
      const { read, delivered } = counts(event.ledger);
      write(`Processing ${event.stream}: read ${count(read)}, delivered ${count(delivered)}`);
    },
    end: () => undefined,
  };
}
