import type { RunEvent } from '@loadin/pipeline';
import { PassThrough } from 'node:stream';
import { ledgerOf, streamReportOf } from '../report.fixture.js';
import { createLineProgress, createLiveProgress } from './progress.js';

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

describe('progress without a terminal', () => {
  it('says a line for each stream now and then; delivered is what every sink has', () => {
    const lines: string[] = [];
    let now = 0;
    const { observe } = createLineProgress(
      (line) => lines.push(line),
      () => now,
      5000,
    );
    observe(progress(1200, { s3_raw: 1000, kinesis: 500 }));
    observe(progress(10, { s3_raw: 10, kinesis: 10 }, 'ticketmaster.events'));
    now = 4999;
    observe(progress(1300, { s3_raw: 1200, kinesis: 1100 }));
    now = 5000;
    observe(progress(1400, { s3_raw: 1400, kinesis: 1400 }));
    expect(lines).toEqual([
      'Processing spotify.artists: read 1,200, delivered 500',
      'Processing ticketmaster.events: read 10, delivered 10',
      'Processing spotify.artists: read 1,400, delivered 1,400',
    ]);
  });
});

describe('progress on a terminal', () => {
  const draw = (tell: (observe: (event: RunEvent) => void, wait: (ms: number) => void) => void): string[] => {
    const out = new PassThrough({ encoding: 'utf8' });
    let now = 1000;
    const view = createLiveProgress(out as unknown as NodeJS.WriteStream, () => now);
    tell(view.observe, (ms) => (now += ms));
    view.end();
    // Each picture begins by going up over the last one.
    const written = String(out.read() ?? '').replaceAll(`${ESCAPE}[2K`, '');
    return written.split(ESCAPE).map((picture) => picture.replace(/^\[\d+A/, ''));
  };

  it('draws one table over the last one, and leaves the end on the screen', () => {
    const pictures = draw((observe, wait) => {
      observe({ type: 'stream-started', stream: STREAM, slices: 1 });
      wait(100);
      observe(progress(1200, { s3_raw: 1000, kinesis: 500 }));
      observe({ type: 'stream-ended', stream: STREAM, report: streamReportOf(STREAM) });
    });
    expect(pictures[0]).toBe('                          read  delivered\nspotify.artists  reading     0          0\n');
    expect(pictures.at(-1)).toBe('                            read  delivered\nspotify.artists  complete  1,500      1,500\n');
  });

  it('is drawn ten times a second at most', () => {
    const pictures = draw((observe, wait) => {
      for (let tenth = 0; tenth < 100; tenth += 1) {
        observe(progress(tenth, { s3_raw: 0, kinesis: 0 }));
        wait(10);
      }
    });
    expect(pictures.length).toBeLessThanOrEqual(11);
  });

  it('draws nothing when nothing has begun', () => {
    expect(draw(() => undefined)).toEqual(['']);
  });
});
