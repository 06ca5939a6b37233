import { Agent } from 'node:http';
import axios from 'axios';
import { startChild, withChild } from '../child.js';
import type { Report } from '../report.js';
import { interleaved, median, medianRatio } from '../rounds.js';
import { apiKey, pageServer, unlimitedEvents, type PageServer } from './event-source.js';

const rounds = 21;
const pagesInRound = 200;
/** 102 kB a page. */
const eventsInPage = 68;

type ReadPages = (count: number) => Promise<void>;

/** Milliseconds for so many pages over so many connections. */
async function timed(read: ReadPages, connections: number): Promise<number> {
  const start = performance.now();
  await Promise.all(Array.from({ length: connections }, () => read(pagesInRound / connections)));
  return performance.now() - start;
}

/** What somebody would write with axios alone: keep-alive, JSON parsed, one page after the other. */
function bareAxios(url: string): ReadPages {
  const client = axios.create({ baseURL: url, httpAgent: new Agent({ keepAlive: true }), proxy: false, headers: { 'X-Api-Key': apiKey } });
  return async (count) => {
    for (let page = 0; page < count; page++) {
      const { data } = await client.get<{ _embedded: { events: unknown[] } }>('/events', { params: { page } });
      if (data._embedded.events.length === 0) throw new Error('an empty page');
    }
  };
}

function ourClient(url: string): ReadPages {
  const client = unlimitedEvents.connect({ baseUrl: url, apiKey });
  return async (count) => {
    let read = 0;
    for await (const { items } of client.pages('events')) {
      if (items.length === 0) throw new Error('an empty page');
      read += 1;
      if (read === count) return;
    }
  };
}

/** Pages a second of a client of the source kit, held against bare axios on the same server. */
export function measurePages(): Promise<Report> {
  return withChild(startChild<PageServer>(pageServer, { args: [String(eventsInPage)] }), async ({ url, bytes }) => {
    const [ours, bare] = [ourClient(url), bareAxios(url)];
    const measured = await interleaved(
      { ours4: () => timed(ours, 4), bare4: () => timed(bare, 4), ours1: () => timed(ours, 1), bare1: () => timed(bare, 1) },
      { rounds, warmUps: 3 },
    );
    const perSecond = (times: readonly number[]): number => (pagesInRound * 1_000) / median(times);
    const ratio = (theirs: readonly number[], own: readonly number[]): number => medianRatio(theirs, own);
    return {
      title: `Pages of ${Math.round(bytes / 1_000)} kB on loopback, median of ${rounds} interleaved rounds of ${pagesInRound}`,
      figures: [
        { what: '4 connections: axios alone', measured: perSecond(measured.bare4), unit: 'pages/s' },
        { what: '4 connections: our client', measured: perSecond(measured.ours4), unit: 'pages/s' },
        { what: '  of axios alone', measured: ratio(measured.bare4, measured.ours4), unit: '×', digits: 2, atLeast: 0.7 },
        { what: '1 connection: axios alone', measured: perSecond(measured.bare1), unit: 'pages/s' },
        { what: '1 connection: our client', measured: perSecond(measured.ours1), unit: 'pages/s' },
        { what: '  of axios alone', measured: ratio(measured.bare1, measured.ours1), unit: '×', digits: 2, atLeast: 0.7 },
      ],
    };
  });
}
