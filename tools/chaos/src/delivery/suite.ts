import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { OpenSuite, Suite } from '../suite.js';
import type { Programs } from './attempts.js';
import { checks } from './checks/checks.js';
import { keepEvidence } from './keep-evidence.js';
import { scenarioOf } from './scenario.js';
import { runStorm } from './storm.js';

const apps = resolve(import.meta.dirname, '../../../../apps');

/** What is deployed. */
export const builtPrograms: Programs = {
  main: join(apps, 'scheduler-cli/dist/main.mjs'),
  zip: join(apps, 'ingestion-lambda/dist/function.zip'),
};

/** Whole runs of what is deployed, in processes of their own, killed, stopped, doubled and cut off, with everything around them failing. */
export const delivery: Suite = deliverySuite(builtPrograms);

export function deliverySuite(programs: Programs): Suite {
  return {
    name: 'delivery',
    what: 'whole runs in processes of their own: killed at every step, stopped, doubled, cut off; throttled and failing servers',
    seeds: 78,
    atOnce: 3,
    needs: ['apps/scheduler-cli', 'apps/ingestion-lambda'],
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
