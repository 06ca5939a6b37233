import { DuckDBInstance } from '@duckdb/node-api';
import { startPostgres } from '@loadin/postgres';
import { existsSync } from 'node:fs';
import type { Programs } from '../delivery/processes.js';
import { builtPrograms } from '../delivery/suite.js';
import { WEATHER_KINDS } from '../delivery/weather.js';
import type { OpenSuite, Suite } from '../suite.js';
import { keepLoads } from './keep-loads.js';
import { LOAD_KILLS, LOAD_TROUBLES, loadScenarioOf } from './scenario.js';
import { runLoadStorm } from './storm.js';

/** What a long storm has seen, by the names under which it is counted. */
const KINDS: readonly string[] = [
  ...LOAD_KILLS.map(({ when, step }) => `killed ${when} ${step}`),
  ...WEATHER_KINDS.filter((kind) => !kind.startsWith('Kinesis')),
  ...LOAD_TROUBLES.filter((kind) => !['copies at once', 'paused process', 'cut off'].includes(kind)),
  ...[
    'copies at once: 2',
    'copies at once: 3',
    'paused process woken afterwards',
    'paused process woken meanwhile',
    'cut off',
    'cut off, with another copy',
  ],
  ...[
    'a transaction open during a run',
    'lost: a checkpoint',
    'lost: the state',
    'lost: the sets',
    'left unfinished',
    'tables changed where it was killed',
  ],
];

/** Runs of entities, in processes of their own, killed, stopped, doubled and short of disk, over tables that change; judged by DuckDB against the database. */
export const bronze: Suite = bronzeSuite(builtPrograms);

export function bronzeSuite(programs: Programs): Suite {
  return {
    name: 'bronze',
    what: 'tables into Parquet by processes of their own: killed at every step, stopped, doubled, cut off, short of disk; state lost; tables that change and shrink',
    seeds: 64,
    atOnce: 2,
    needs: ['apps/scheduler-cli', 'apps/ingestion-lambda'],
    kinds: KINDS,
    open: async (): Promise<OpenSuite> => {
      if (!existsSync(programs.main)) throw new Error(`${programs.main} is missing: storms run what is built. Build it with: npm run build`);
      const [postgres, duckdb] = await Promise.all([startPostgres(), DuckDBInstance.create(':memory:', { threads: '1' })]);
      return {
        async run(seed) {
          const scenario = loadScenarioOf(seed);
          const { findings, counts, attempts } = await runLoadStorm(scenario, programs, { postgres, duckdb });
          if (findings.length === 0) return { findings, counts };
          return { findings, counts, kept: await keepLoads(scenario, attempts, findings) };
        },
        async close() {
          duckdb.closeSync();
          await postgres.stop();
        },
      };
    },
  };
}
