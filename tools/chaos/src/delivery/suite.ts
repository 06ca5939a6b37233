import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { OpenSuite, Suite } from '../suite.js';
import { checks } from './checks/checks.js';
import { keepEvidence } from './keep-evidence.js';
import type { Programs } from './processes.js';
import { KILLS, scenarioOf } from './scenario.js';
import { runStorm } from './storm.js';
import { WEATHER_KINDS } from './weather.js';

const apps = resolve(import.meta.dirname, '../../../../apps');

/** What is deployed. */
export const builtPrograms: Programs = {
  main: join(apps, 'scheduler-cli/dist/main.mjs'),
  zip: join(apps, 'ingestion-lambda/dist/function.zip'),
};

/** What a long storm has seen, by the names under which it is counted. */
const KINDS: readonly string[] = [
  ...['killed before slices listed', 'killed after slices listed'],
  ...KILLS.map(({ when, step }) => `killed ${when} ${step}`),
  ...WEATHER_KINDS,
  ...[
    'kill at random',
    'deadline by SIGTERM',
    'deadline on Lambda: stopped',
    'deadline on Lambda: killed',
    'phases on Lambda: complete',
    'copies at once: 2',
    'copies at once: 3',
  ],
  ...['paused process woken afterwards', 'paused process woken meanwhile', 'cut off', 'cut off, with another copy', 'leases taken over'],
  ...['clock jump forward', 'clock jump backward', 'full disk of the servers', 'full disk of the process', 'resharding: split', 'resharding: merge'],
  ...['damaged checkpoints: torn', 'damaged checkpoints: nonsense', 'changed source: contents', 'changed source: records', 'same second'],
];

/** Whole runs of what is deployed, in processes of their own, killed, stopped, doubled and cut off, with everything around them failing. */
export const delivery: Suite = deliverySuite(builtPrograms);

export function deliverySuite(programs: Programs): Suite {
  return {
    name: 'delivery',
    what: 'whole runs in processes of their own: killed at every step, stopped, doubled, cut off; throttled and failing servers',
    seeds: 78,
    atOnce: 3,
    needs: ['apps/scheduler-cli', 'apps/ingestion-lambda'],
    kinds: KINDS,
    open: async (): Promise<OpenSuite> => {
      const missing = Object.values(programs).find((file: string) => !existsSync(file));
      if (missing !== undefined) throw new Error(`${missing} is missing: storms run what is built. Build it with: npm run build`);
      return {
        async run(seed) {
          const { evidence, findings, counts } = await runStorm(scenarioOf(seed), programs);
          const all = [...findings, ...checks.flatMap((check) => check.find(evidence).map((text) => `${text} (${check.name})`))];
          if (all.length === 0) return { findings: all, counts };
          return { findings: all, counts, kept: await keepEvidence(evidence, all) };
        },
        close: async () => undefined, // every storm has servers of its own
      };
    },
  };
}
