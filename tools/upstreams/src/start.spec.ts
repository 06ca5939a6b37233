import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { parseArguments } from './arguments.js';
import { startUpstreams } from './index.js';

describe('starting', () => {
  it('refuses wrong options with one line', async () => {
    await expect(startUpstreams({ baseDate: '2026-02-30' })).rejects.toThrow('baseDate "2026-02-30": must be a date like 2026-03-01');
    await expect(startUpstreams({ day: 1.5 })).rejects.toThrow('day 1.5: must be a whole number of 0 or more');
    await expect(startUpstreams({ limits: { spotify: { callsPerWindow: -1 } } })).rejects.toThrow(
      'limits.spotify.callsPerWindow: must be a number of 0 or more',
    );
  });

  it('says what to do when the port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    await expect(startUpstreams({ port })).rejects.toThrow(
      `can't listen on 127.0.0.1:${port} (EADDRINUSE): choose another port, or 0 for any free one`,
    );
    await new Promise((resolve) => other.close(resolve));
  });

  it('closes while calls hang', async () => {
    const up = await startUpstreams();
    up.faults.add({ effect: { kind: 'hang' } });
    const hanging = fetch(`${up.ticketmasterUrl}/discovery/v2/events.json`).then(
      () => 'answered',
      () => 'broken off',
    );
    while (up.requests().total === 0) await new Promise((resolve) => setImmediate(resolve));
    await up.close();
    expect(await hanging).toBe('broken off');
  });

  it('lets its owner change what good answers say', async () => {
    const up = await startUpstreams({
      edit(api, body) {
        const { events } = (body['_embedded'] ?? {}) as { events?: { name?: string }[] };
        if (api === 'ticketmaster') events?.forEach((event) => (event.name = 'Untitled'));
      },
    });
    const names = async (apikey: string): Promise<unknown> => {
      const answer = await fetch(`${up.ticketmasterUrl}/discovery/v2/events.json?countryCode=IE&size=2&apikey=${apikey}`);
      return ((await answer.json()) as { _embedded?: { events: { name: string }[] } })._embedded?.events.map(({ name }) => name);
    };
    expect([await names(up.credentials.ticketmasterApiKey), await names('wrong')]).toEqual([['Untitled', 'Untitled'], undefined]);
    await up.close();
  });

  it('understands the command line of its own process', () => {
    expect(
      parseArguments(['--port', '8080', '--seed', '7', '--day', '2', '--base-date', '2026-05-01', '--limits', '{"ticketmaster":{"perSecond":50}}']),
    ).toEqual({
      port: 8080,
      host: undefined,
      seed: 7,
      day: 2,
      baseDate: '2026-05-01',
      limits: { ticketmaster: { perSecond: 50 } },
    });
    expect(() => parseArguments(['--port', 'x'])).toThrow(/^--port "x": must be a whole number; usage: /);
    expect(() => parseArguments(['--colour'])).toThrow(/--colour.*usage/);
    expect(() => parseArguments(['--limits', '{'])).toThrow(/^--limits: not JSON/);
  });
});
