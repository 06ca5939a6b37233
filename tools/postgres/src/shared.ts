import os from 'node:os';
import { serverAt, start, type ServerPlace } from './start.js';
import type { PostgresServer } from './types.js';

const PLACE: unique symbol = Symbol.for('@loadin/postgres: the server of this process');
/** Jest gives each specification file its own modules and globals. Those of Node are the process's. */
const holder = os as typeof os & { [PLACE]?: Promise<ServerPlace> };

/**
 * One server for all specification files that a process runs: started by the first that asks, gone with the process. Each makes databases of its own. `stop` leaves it as it is. Whoever
 * changes what all databases share (roles, settings, prepared transactions) needs a server of its own: `startPostgres`.
 */
export async function sharedPostgres(): Promise<PostgresServer> {
  holder[PLACE] ??= start({}).then(({ place }) => place);
  return serverAt(await holder[PLACE], async () => undefined);
}
