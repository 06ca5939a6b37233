import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { copyBinaries, installedBinaries } from './binaries.js';
import { certificates } from './certificates.js';
import type { PostgresServer, StartOptions, TestDatabase } from './types.js';
import { reachable, serverUser, type ServerUser } from './user.js';

const host = '127.0.0.1';
const user = 'postgres';

/** Starts a server with an empty cluster: about a second, 35 MB of disk (100 MB where its files can't be linked). Throws with the end of the server's log when it does not start. */
export async function startPostgres(options: StartOptions = {}): Promise<PostgresServer> {
  const { place, stop } = await start(options);
  return serverAt(place, stop);
}

/** Where a server is, as data. */
export type ServerPlace = Pick<PostgresServer, 'folder' | 'port' | 'password' | 'ca'>;

export async function start(options: StartOptions): Promise<{ readonly place: ServerPlace; readonly stop: () => Promise<void> }> {
  const runAs = serverUser();
  const folder = makeFolder(options.folder, runAs);
  const password = randomBytes(12).toString('hex');
  try {
    const ca = await prepare(folder, runAs, password, options);
    const { guard, port } = await listen(folder, runAs);
    const stop = async (): Promise<void> => {
      await end(guard);
      // The guard may own the folder and still not be allowed to remove it from the one above.
      rmSync(folder, { recursive: true, force: true });
    };
    return { place: { folder, port, password, ca }, stop };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

function makeFolder(wanted: string | undefined, { uid, gid }: ServerUser): string {
  const own = uid === process.getuid?.();
  const parent = wanted ?? (own || reachable(tmpdir()) ? tmpdir() : '/tmp');
  if (!own && !reachable(parent))
    throw new Error(`${parent} can't be entered by user ${uid}, as whom Postgres runs; choose another folder, e.g. TMPDIR=/tmp`);
  const folder = mkdtempSync(join(parent, 'loadin-postgres-'));
  chmodSync(folder, 0o755);
  if (!own) chownSync(folder, uid, gid);
  return folder;
}

/** Binaries, data and settings. Gives the authority's certificate when the server has one. */
async function prepare(folder: string, runAs: ServerUser, password: string, options: StartOptions): Promise<string | undefined> {
  const pgsql = join(folder, 'pgsql');
  copyBinaries(installedBinaries(), pgsql, runAs);
  const passwordFile = join(folder, 'password');
  const write = (path: string, text: string): void => {
    writeFileSync(path, text, { mode: 0o600 });
    if (runAs.uid !== process.getuid?.()) chownSync(path, runAs.uid, runAs.gid);
  };
  write(passwordFile, password);
  const data = join(folder, 'data');
  const cluster = ['-D', data, '-U', user, '-E', 'UTF8', '--no-locale', '--no-sync', ...small, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  await promisify(execFile)(join(pgsql, 'bin/initdb'), cluster, { ...runAs, env: serverEnv, cwd: folder });
  const pair = options.tls === true ? certificates([host, 'localhost']) : undefined;
  if (pair !== undefined) {
    write(join(data, 'server.crt'), pair.certificate);
    write(join(data, 'server.key'), pair.key);
  }
  const settings = { ...forSpecifications, ...(pair === undefined ? {} : { ssl: 'on' }), ...options.settings };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`);
  write(join(data, 'postgresql.auto.conf'), lines.join(''));
  if (options.hba !== undefined) write(join(data, 'pg_hba.conf'), options.hba.map((line) => `${line}\n`).join(''));
  return pair?.ca;
}

/** A smaller first segment of the log, and passwords that take no time to check: nobody guesses at a server that lives for seconds. */
const small = ['--wal-segsize=1', '-c', 'scram_iterations=1'];

/** English messages and UTC, whatever the machine's are; nothing of the machine's PG… variables. */
const serverEnv = { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' };

/** Nothing survives the server, so nothing needs to reach the disk. No background work that makes a specification's outcome a matter of time. */
const forSpecifications: Readonly<Record<string, string>> = {
  listen_addresses: host,
  unix_socket_directories: '',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  autovacuum: 'off',
  max_connections: '60',
  max_prepared_transactions: '8',
  shared_buffers: '32MB',
  scram_iterations: '1',
};

/**
 * A shell of the server's user stands between: it holds a pipe from this process, and when that closes, however this process ended, it ends the
 * server and removes the folder. In a session of its own, so that a Ctrl-C meant for this process leaves it its time to do so.
 */
const guardScript = `
"$1/pgsql/bin/postgres" -D "$1/data" -p "$2" >"$1/log" 2>&1 </dev/null &
server=$!
cat >/dev/null
kill -QUIT $server 2>/dev/null
wait $server
cd / && rm -rf "$1"
`;

async function listen(folder: string, runAs: ServerUser): Promise<{ guard: ChildProcess; port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const guard = spawn('/bin/sh', ['-c', guardScript, 'postgres-guard', folder, String(port)], {
      ...runAs,
      env: serverEnv,
      cwd: folder,
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    if (await ready(folder)) {
      // Neither the guard nor its pipe keeps this process alive.
      guard.unref();
      (guard.stdin as unknown as { unref(): void }).unref();
      return { guard, port };
    }
    const log = readFileSync(join(folder, 'log'), 'utf8').trim().split('\n').slice(-5).join(' | ');
    const taken = log.includes('could not bind');
    if (!taken || attempt === 5) {
      await end(guard);
      throw new Error(`Postgres did not start: ${log}`);
    }
    guard.kill('SIGKILL'); // It would remove the folder; its server has ended already.
    await once(guard, 'exit');
  }
}

/** `false`: the server ended instead. The server writes its state into the eighth line of postmaster.pid, and removes that file at its end. */
async function ready(folder: string): Promise<boolean> {
  const pidFile = join(folder, 'data/postmaster.pid');
  for (let waited = 0, seen = false; waited < 30_000; waited += 20) {
    const state = existsSync(pidFile) ? readFileSync(pidFile, 'utf8').split('\n')[7]?.trim() : undefined;
    if (state === 'ready') return true;
    if (seen && !existsSync(pidFile)) return false;
    seen ||= existsSync(pidFile);
    if (!seen && existsSync(join(folder, 'log')) && /FATAL/.test(readFileSync(join(folder, 'log'), 'utf8'))) return false;
    await sleep(20);
  }
  return false;
}

async function end(guard: ChildProcess): Promise<void> {
  if (guard.exitCode !== null || guard.signalCode !== null) return;
  const exited = once(guard, 'exit');
  guard.ref();
  guard.stdin?.destroy();
  await exited;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export function serverAt({ folder, port, password, ca }: ServerPlace, stop: () => Promise<void>): PostgresServer {
  const url = (database = 'postgres'): string => `postgres://${user}:${password}@${host}:${port}/${database}`;
  const ssl = ca === undefined ? false : { ca };
  const connect = async (database?: string): Promise<Client> => {
    const client = new Client({ host, port, user, password, database: database ?? 'postgres', ssl });
    await client.connect();
    return client;
  };
  return {
    folder,
    host,
    port,
    user,
    password,
    ca,
    url,
    stop,
    createDatabase: async (): Promise<TestDatabase> => {
      const name = `spec_${randomBytes(8).toString('hex')}`;
      const admin = await connect();
      // Files are copied in half of the time that their pages take through the log.
      await admin.query(`CREATE DATABASE ${name} STRATEGY file_copy`).finally(() => admin.end());
      const client = await connect(name);
      return { name, url: url(name), client, close: () => client.end() };
    },
  };
}
