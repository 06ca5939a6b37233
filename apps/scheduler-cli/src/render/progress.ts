import type { RunEvent, RunObserver } from '@loadin/pipeline';
import { renderTable } from './table.js';
import { count, elapsed } from './units.js';

export interface ProgressView {
  readonly observe: RunObserver;
  /** What is said next stays on the screen: the picture begins anew below it. */
  below(): void;
  /** Leaves the screen as a finished text; call it before anything else is printed. */
  end(): void;
}

/** What tells the time. A test gives its own. */
export interface Ticker {
  /** Milliseconds. */
  now(): number;
  /** Calls `tick` again and again, until what it gives is called. */
  every(ms: number, tick: () => void): () => void;
}

export const systemTicker: Ticker = {
  now: Date.now,
  every(ms, tick) {
    const timer = setInterval(tick, ms);
    return () => clearInterval(timer);
  },
};

interface Row {
  readonly state: string;
  readonly read: number;
  readonly delivered: number;
  /** When it began; `undefined` while it waits for its turn. */
  readonly since?: number;
  readonly ended?: number;
}

/** How often a moving picture is drawn again at most, milliseconds. */
const REDRAW_MS = 100;
/** How often it is looked whether there is something to say although nothing happened, milliseconds. */
const TICK_MS = 1000;

/** A table that is drawn over itself while the run goes on: for terminals alone. After `signal` it begins anew, below what is said about it. */
export function createLiveProgress(out: NodeJS.WriteStream, signal: AbortSignal, { now, every }: Ticker = systemTicker): ProgressView {
  const rows = new Map<string, Row>();
  let drawn = 0;
  let last = 0;
  const draw = (): void => {
    const cells = [...rows].map(([stream, row]) => [stream, stateOf(row, signal), timeOf(row, now()), count(row.read), count(row.delivered)]);
    const right = (title: string) => ({ title, align: 'right' as const });
    const lines = renderTable([{ title: '' }, { title: '' }, right('time'), right('read'), right('delivered')], cells);
    const up = drawn > 0 ? `\u001b[${drawn}A` : '';
    out.write(`${up}${lines.map((line) => `\u001b[2K${line}\n`).join('')}`);
    drawn = lines.length;
    last = now();
  };
  const below = (): void => void (drawn = 0);
  signal.addEventListener('abort', below);
  // A run that waits (for a rate limit, for a slow source) is seen to be alive.
  const stop = every(TICK_MS, () => {
    if (rows.size > 0) draw();
  });
  return {
    observe(event) {
      update(rows, event, now());
      if (event.type !== 'progress' || now() - last >= REDRAW_MS) draw();
    },
    below,
    end() {
      stop();
      signal.removeEventListener('abort', below);
      if (rows.size > 0) draw();
    },
  };
}

const stateOf = ({ state }: Row, { aborted }: AbortSignal): string => (aborted && state === 'reading' ? 'stopping' : state);

const timeOf = ({ since, ended }: Row, now: number): string => (since === undefined ? '' : elapsed((ended ?? now) - since));

function update(rows: Map<string, Row>, event: RunEvent, now: number): void {
  if (event.type === 'planned') for (const { id } of event.plan.streams) rows.set(id, { state: 'waiting', read: 0, delivered: 0 });
  if (event.type === 'stream-started') rows.set(event.stream, { state: 'reading', read: 0, delivered: 0, since: now });
  if (event.type !== 'progress' && event.type !== 'stream-ended') return;
  const { since } = rows.get(event.stream) ?? {};
  if (event.type === 'progress') rows.set(event.stream, { state: 'reading', ...counts(event.ledger), since: since ?? now });
  else rows.set(event.stream, { state: event.report.status.replace('_', ' '), ...counts(event.report.ledger), since, ended: now });
}

/** Delivered to every sink: the slowest one counts. */
function counts({ read, sinks }: Extract<RunEvent, { type: 'progress' }>['ledger']): Pick<Row, 'read' | 'delivered'> {
  const delivered = Object.values(sinks).map((sink) => sink.delivered + sink.dead_lettered);
  return { read, delivered: delivered.length === 0 ? 0 : Math.min(...delivered) };
}

/** Without a terminal a line now and then says how far each stream is, also when it has not moved since. */
export function createLineProgress(write: (line: string) => void, { now, every }: Ticker = systemTicker, everyMs = 5000): ProgressView {
  const rows = new Map<string, Row>();
  const last = new Map<string, number>();
  const say = (stream: string): void => {
    const row = rows.get(stream);
    if (row?.since === undefined || row.ended !== undefined || now() < (last.get(stream) ?? -Infinity) + everyMs) return;
    last.set(stream, now());
    write(`Processing ${stream}: read ${count(row.read)}, delivered ${count(row.delivered)}, after ${elapsed(now() - row.since)}`);
  };
  const stop = every(TICK_MS, () => [...rows.keys()].forEach(say));
  return {
    observe(event) {
      update(rows, event, now());
      if (event.type === 'stream-started') last.set(event.stream, now());
      if (event.type === 'progress') say(event.stream);
    },
    below: () => undefined,
    end: stop,
  };
}
