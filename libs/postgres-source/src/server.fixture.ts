import { Client } from 'pg';
import type { ConnectionSettings } from './connection/types.js';

// A real server on a machine that does other things too takes its time.
jest.setTimeout(30_000);

/** The server that start-server.mjs has started. */
export const server = JSON.parse(process.env['LOADIN_SPEC_POSTGRES'] ?? '{}') as Omit<ConnectionSettings, 'database'> & { readonly ca: string };

let made = 0;

/** The same way to a database, over TLS. */
export const overTls = (connection: ConnectionSettings): ConnectionSettings => ({ ...connection, tls: { ca: server.ca } });

/** A database of its own, and a superuser's connection to it. Without TLS, which takes longer to begin than most specifications. */
export async function createDatabase(): Promise<{ connection: ConnectionSettings; client: Client; close(): Promise<void> }> {
  const { host, port, user, password } = server;
  const rest = { host, port, user, password };
  const name = `spec_${process.pid}_${(made += 1)}_${Math.random().toString(36).slice(2, 8)}`;
  const admin = new Client({ ...rest, database: 'postgres', ssl: false });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name}`).finally(() => admin.end());
  const client = new Client({ ...rest, database: name, ssl: false });
  client.on('error', () => undefined);
  await client.connect();
  return { connection: { ...rest, database: name, tls: 'off' }, client, close: () => client.end() };
}

/** Another superuser's connection: for what happens at the same time. */
export async function connectTo({ host, port, user, password, database }: ConnectionSettings): Promise<Client> {
  const client = new Client({ host, port, user, password, database, ssl: false });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
