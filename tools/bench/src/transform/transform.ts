import { normalizerFor } from '@loadin/transforms';
import type { Report } from '../report.js';
import { interleaved, median, medianRatio } from '../rounds.js';
import { eventPage, type EventPage } from './event-page.js';

const rounds = 31;
/** Pages of each kind in a round: some 20 ms of work. */
const repeats = { large: 4, compact: 16 };

const eventsOf = (text: string): readonly unknown[] => (JSON.parse(text) as { _embedded: { events: unknown[] } })._embedded.events;

/** Milliseconds of processor time, all threads of this process together: what one core would have needed, whatever else the machine does. */
function timed(repeat: number, work: () => void): number {
  const start = process.cpuUsage();
  for (let n = 0; n < repeat; n++) work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}

/** How long a page of events takes from its text to validated records, held against `JSON.parse` of the same text. */
export async function measureTransform(): Promise<Report> {
  const normalize = normalizerFor('events');
  const whole = ({ text }: EventPage): void => {
    for (const raw of eventsOf(text)) if (!normalize(raw).ok) throw new Error('a synthetic event was rejected');
  };
  const [large, compact] = [eventPage('large', 200), eventPage('compact', 200)];
  const measured = await interleaved(
    {
      parseLarge: () => timed(repeats.large, () => eventsOf(large.text)),
      wholeLarge: () => timed(repeats.large, () => whole(large)),
      parseCompact: () => timed(repeats.compact, () => eventsOf(compact.text)),
      wholeCompact: () => timed(repeats.compact, () => whole(compact)),
    },
    { rounds, warmUps: 5 },
  );
  const perSecond = (repeat: number, { events }: EventPage, times: readonly number[]): number => (repeat * events * 1_000) / median(times);
  return {
    title: `Parse, transform and validate pages of 200 events, processor time, median of ${rounds} interleaved rounds`,
    figures: [
      { what: 'large page', measured: large.text.length / 1_000, unit: 'kB', atLeast: 1_000 },
      { what: '  JSON.parse', measured: median(measured.parseLarge) / repeats.large, unit: 'ms a page', digits: 2 },
      { what: '  JSON.parse + transform + validate', measured: median(measured.wholeLarge) / repeats.large, unit: 'ms a page', digits: 2 },
      { what: '  of JSON.parse', measured: medianRatio(measured.wholeLarge, measured.parseLarge), unit: '×', digits: 2, atMost: 5 },
      { what: 'compact page', measured: compact.text.length / 1_000, unit: 'kB' },
      { what: '  JSON.parse', measured: perSecond(repeats.compact, compact, measured.parseCompact), unit: 'records/s' },
      {
        what: '  JSON.parse + transform + validate',
        measured: perSecond(repeats.compact, compact, measured.wholeCompact),
        unit: 'records/s',
        atLeast: 40_000,
      },
    ],
  };
}
