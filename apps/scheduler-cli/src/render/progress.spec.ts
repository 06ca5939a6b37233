import type { RunEvent } from '@loadin/pipeline';
import { PassThrough } from 'node:stream';
import { ledgerOf, streamReportOf } from '../report.fixture.js';
import { createLineProgress, createLiveProgress, type Ticker } from './progress.js';

const STREAM = 'spotify.artists';
/** What begins every command to a terminal. */
const ESCAPE = '\u001b';
const progress = (read: number, delivered: { s3_raw: number; kinesis: number }, stream = STREAM): RunEvent => {
  const sink = (count: number) => ({ delivered: count, dead_lettered: 0, pending: read - count });
  return {
    type: 'progress',
    stream,
    slice: 'all',
    ledger: ledgerOf(read, { sinks: { s3_raw: sink(delivered.s3_raw), kinesis: sink(delivered.kinesis) } }),
  };
};

/** A clock that stands still until it is told to go on. */
function startTicker(): Ticker & { pass(ms: number): void; readonly running: number } {
  const timers = new Set<{ readonly ms: number; due: number; readonly tick: () => void }>();
  let now = 1000;
  return {
    now: () => now,
    every(ms, tick) {
      const timer = { ms, due: now + ms, tick };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    pass(ms) {
      for (const until = now + ms; now < until; now += 1) {
        for (const timer of timers) {
          if (timer.due > now) continue;
          timer.due += timer.ms;
          timer.tick();
        }
      }
    },
    get running() {
      return timers.size;
    },
  };
}

describe('progress without a terminal', () => {
  const startLines = () => {
    const lines: string[] = [];
    const ticker = startTicker();
    return { lines, ticker, view: createLineProgress((line) => lines.push(line), ticker, 5000) };
  };

  it('says a line for each stream now and then; delivered is what every sink has', () => {
    const { lines, ticker, view } = startLines();
    view.observe(progress(1200, { s3_raw: 1000, kinesis: 500 }));
    view.observe(progress(10, { s3_raw: 10, kinesis: 10 }, 'ticketmaster.events'));
    ticker.pass(4900);
    view.observe(progress(1300, { s3_raw: 1200, kinesis: 1100 }));
    view.observe({ type: 'stream-ended', stream: 'ticketmaster.events', report: streamReportOf('ticketmaster.events') });
    ticker.pass(100);
    view.observe(progress(1400, { s3_raw: 1400, kinesis: 1400 }));
    view.end();
    expect(lines).toEqual([
      'Processing spotify.artists: read 1,200, delivered 500, after 0 s',
      'Processing ticketmaster.events: read 10, delivered 10, after 0 s',
      'Processing spotify.artists: read 1,400, delivered 1,400, after 5 s',
    ]);
  });

  it('says it also when nothing has moved, for streams that have begun and not ended', () => {
    const { lines, ticker, view } = startLines();
    view.observe({ type: 'stream-started', stream: STREAM, slices: 1 });
    ticker.pass(11_500);
    view.observe({ type: 'stream-ended', stream: STREAM, report: streamReportOf(STREAM) });
    ticker.pass(60_000);
    expect(lines).toEqual([
      'Processing spotify.artists: read 0, delivered 0, after 5 s',
      'Processing spotify.artists: read 0, delivered 0, after 10 s',
    ]);
    view.end();
    expect(ticker.running).toBe(0);
  });
});

describe('progress on a terminal', () => {
  type Tell = (observe: (event: RunEvent) => void, pass: (ms: number) => void, say: { abort(): void; below(): void }) => void;

  const written = (tell: Tell): string => {
    const out = new PassThrough({ encoding: 'utf8' });
    const ticker = startTicker();
    const controller = new AbortController();
    const view = createLiveProgress(out as unknown as NodeJS.WriteStream, controller.signal, ticker);
    tell(view.observe, ticker.pass, { abort: () => controller.abort(), below: view.below });
    view.end();
    expect(ticker.running).toBe(0);
    return String(out.read() ?? '').replaceAll(`${ESCAPE}[2K`, '');
  };
  /** Each picture begins by going up over the last one. */
  const draw = (tell: Tell): string[] =>
    written(tell)
      .split(ESCAPE)
      .map((picture) => picture.replace(/^\[\d+A/, ''));

  it('draws one table over the last one, and leaves the end on the screen', () => {
    const pictures = draw((observe, pass) => {
      observe({ type: 'stream-started', stream: STREAM, slices: 1 });
      pass(100);
      observe(progress(1200, { s3_raw: 1000, kinesis: 500 }));
      observe({ type: 'stream-ended', stream: STREAM, report: streamReportOf(STREAM) });
    });
    expect(pictures[0]).toBe('                          time  read  delivered\nspotify.artists  reading   0 s     0          0\n');
    expect(pictures.at(-1)).toBe('                           time   read  delivered\nspotify.artists  complete   0 s  1,500      1,500\n');
  });

  it('counts the seconds while nothing moves, and no longer when a stream has ended', () => {
    const pictures = draw((observe, pass) => {
      observe({ type: 'stream-started', stream: STREAM, slices: 1 });
      pass(3500);
      observe({ type: 'stream-ended', stream: STREAM, report: streamReportOf(STREAM) });
      pass(2000);
    });
    expect(pictures.map((picture) => /(\w+) +(\d+ s)/.exec(picture)?.slice(1).join(' '))).toEqual([
      ...['reading 0 s', 'reading 1 s', 'reading 2 s', 'reading 3 s'],
      ...['complete 3 s', 'complete 3 s', 'complete 3 s', 'complete 3 s'],
    ]);
  });

  it('is drawn ten times a second at most', () => {
    const pictures = draw((observe, pass) => {
      for (let tenth = 0; tenth < 100; tenth += 1) {
        observe(progress(tenth, { s3_raw: 0, kinesis: 0 }));
        pass(10);
      }
    });
    expect(pictures.length).toBeLessThanOrEqual(12);
  });

  it.each(['abort', 'below'] as const)('begins anew below what was said (%s)', (what) => {
    const text = written((observe, _pass, say) => {
      observe({ type: 'stream-started', stream: STREAM, slices: 1 });
      say[what]();
      observe({ type: 'stream-ended', stream: STREAM, report: streamReportOf(STREAM, { status: 'stopped' }) });
    });
    const [first = '', rest = ''] = text.split(/(?<= 0 {10}0\n)/);
    expect(first).toContain('reading');
    expect(rest).toMatch(/^ +time +read +delivered\nspotify\.artists +stopped /);
  });

  it('draws nothing when nothing has begun', () => {
    expect(draw((_observe, pass) => pass(5000))).toEqual(['']);
  });
});
