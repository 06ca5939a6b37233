import { withChild } from '../child.js';
import { apiKey, countedBy, limitedSource, startLimitedServer, type LimitedServer, type LimitedSettings } from '../limited/limited-source.js';
import type { Report } from '../report.js';
import { leastMs } from './least.js';

const settings: LimitedSettings = { perSecond: 20, latencyMs: 20, pages: 400, perPage: 30 };

/** How much longer than necessary a full pull takes at a limit, and how often it breaks it. */
export function measurePull(): Promise<Report> {
  return withChild(startLimitedServer(settings), async (server) => {
    const { ms, found } = await pull(server);
    const { calls, tooManyRequests, mostInASecond } = await countedBy(server);
    const least = leastMs(calls, settings);
    return {
      title: `A full pull at a limit of ${settings.perSecond} requests a second and ${settings.latencyMs} ms latency: ${calls} calls, ${found} records`,
      figures: [
        { what: 'least possible', measured: least / 1_000, unit: 's', digits: 2 },
        { what: 'needed', measured: ms / 1_000, unit: 's', digits: 2 },
        { what: 'above the least', measured: 100 * (ms / least - 1), unit: '%', digits: 1, atMost: 5 },
        { what: 'most in a second', measured: mostInASecond, unit: 'calls', atMost: settings.perSecond },
        { what: 'refused (429)', measured: tooManyRequests, unit: 'calls', atMost: 0 },
        { what: 'records', measured: found, unit: '', atLeast: settings.pages * settings.perPage },
      ],
    };
  });
}

async function pull({ url }: LimitedServer): Promise<{ ms: number; found: number }> {
  const client = limitedSource(settings).connect({ baseUrl: url, apiKey });
  const ids = new Set<string>();
  const start = performance.now();
  for await (const { items } of client.pages('items')) {
    for (const item of items) if (item !== null) ids.add(item.id);
  }
  const ms = performance.now() - start;
  client.close();
  return { ms, found: ids.size };
}
