import type { OpenSuite, Suite } from '../suite.js';
import { runThrough, type Run } from './attempts.js';
import { arrival } from './checks/arrival.js';
import type { Check } from './checks/check.js';
import { ending } from './checks/ending.js';
import { manners } from './checks/manners.js';
import { secrecy } from './checks/secrets.js';
import { scenarioOf } from './scenario.js';
import { createTruths } from './truth.js';
import { startWorld } from './world.js';

export const checks: readonly Check[] = [...ending, ...arrival, ...secrecy, ...manners];

/** Whole jobs over the real streams and clients, against the simulated sources in a storm of everything that passes. */
export const connectors: Suite = {
  name: 'connectors',
  what: 'jobs of Spotify and Ticketmaster streams in a storm of every transient fault at once',
  seeds: 200,
  async open(): Promise<OpenSuite> {
    const world = await startWorld();
    const truthOf = createTruths(world);
    return {
      async run(seed) {
        const scenario = scenarioOf(seed);
        const truth = await truthOf(scenario.selection);
        const run = await runThrough(world, scenario);
        return { findings: checks.flatMap((check) => check.find(run, truth).map((text) => `${text} (${check.name})`)), counts: countsOf(run) };
      },
      close: () => world.close(),
    };
  },
};

function countsOf({ attempts, sink, storm, outageCalls }: Run): Record<string, number> {
  return {
    records: sink.records.length,
    calls: attempts.reduce((sum, { calls }) => sum + calls.length, 0),
    struck: Object.values(storm?.struck ?? {}).reduce((sum, n) => sum + n, 0),
    attempts: attempts.length,
    outages: outageCalls > 0 ? 1 : 0,
    ...Object.fromEntries(Object.entries(storm?.struck ?? {}).map(([kind, n]) => [kind, n])),
  };
}
