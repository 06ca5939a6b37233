import { Client } from 'pg';
import { explainFailure } from './failures.js';
import { tlsOptions } from './tls-options.js';
import type { ConnectionSettings, PostgresOptions } from './types.js';
import { forgetEnvironment, wireOf } from './wire.js';

/** A logged-in connection, and how its failures are explained. */
export interface Connection {
  readonly client: Client;
  readonly settings: Omit<ConnectionSettings, 'password'>;
  explain(error: unknown, doing?: string): Error;
}

/**
 * Logs in. Throws `FatalError` (wrong settings, password, database, certificate) or `RetryableError` (unreachable, too many connections, starting).
 * A refused password is looked up once more when the settings come from a function.
 */
export async function connect(options: PostgresOptions, signal?: AbortSignal): Promise<Connection> {
  signal?.throwIfAborted();
  const { connection: source } = options;
  if (typeof source !== 'function') return login(source, options, signal);
  try {
    return await login(await source({ fresh: false, signal }), options, signal);
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as { code?: string };
    if (code !== '28P01') throw error;
    options.logger?.info('The password was refused; reading it again', {});
    return login(await source({ fresh: true, signal }), options, signal);
  }
}

async function login(settings: ConnectionSettings, options: PostgresOptions, signal?: AbortSignal): Promise<Connection> {
  const { password, ...shown } = settings;
  const { applicationName = 'loadin', connectTimeoutMs = 10_000 } = options;
  const { host, port, database, user } = settings;
  const ssl = await tlsOptions(settings);
  const client = new Client({
    ...{ host, port, database, user, password, ssl },
    // Every setting is given: what is left out, `pg` would take from the machine's PG… variables.
    application_name: applicationName,
    client_encoding: 'UTF8',
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    sslnegotiation: 'postgres',
  });
  forgetEnvironment(client);
  // A connection that is lost between two questions says so here; the next question fails with the same.
  client.on('error', (error) => options.logger?.debug('The connection to Postgres reports an error', { error: error.message }));
  const abort = (): void => void wireOf(client).stream.destroy();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    await client.connect();
  } catch (error) {
    signal?.throwIfAborted();
    throw explainFailure(error, shown);
  } finally {
    signal?.removeEventListener('abort', abort);
  }
  return { client, settings: shown, explain: (error, doing) => explainFailure(error, shown, doing) };
}
