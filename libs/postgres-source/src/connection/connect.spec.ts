import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { server } from '../server.fixture.js';
import { connect } from './connect.js';
import { explainFailure } from './failures.js';
import { tlsOptions } from './tls-options.js';
import type { ConnectionSettings, PostgresOptions } from './types.js';

const { ca, ...base } = server;
const good: ConnectionSettings = { ...base, database: 'postgres', tls: { ca } };

/** Whether it got in, over TLS or not; or what it was told. */
async function attempt(connection: PostgresOptions['connection'], options: Partial<PostgresOptions> = {}): Promise<string> {
  try {
    const { client } = await connect({ connection, ...options });
    const { rows } = await client.query(
      'SELECT ssl, application_name AS name FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE pid = pg_backend_pid()',
    );
    await client.end();
    return `in, ${rows[0].ssl ? 'TLS' : 'plain'}, ${rows[0].name}`;
  } catch (error) {
    const { action, hint, message } = error as { action: string; hint: string; message: string };
    expect(inspect(error, { depth: 8 })).not.toContain(server.password);
    expect(hint).not.toBe('');
    return `${action}: ${message.replace(/:\d+/, ':PORT')}`;
  }
}

describe('connect', () => {
  const servers: Server[] = [];
  const sockets: Socket[] = [];
  /** Something else than Postgres. */
  const listen = async (answer: (socket: Socket) => void): Promise<ConnectionSettings> => {
    const other = createServer((socket) => {
      sockets.push(socket.on('error', () => undefined));
      answer(socket);
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    servers.push(other);
    return { ...good, port: (other.address() as AddressInfo).port };
  };
  afterAll(() => {
    for (const socket of sockets) socket.destroy();
    for (const each of servers) each.close();
  });

  it('logs in over TLS, checked, by address and by name', async () => {
    expect(await attempt(good)).toBe('in, TLS, loadin');
    expect(await attempt({ ...good, host: 'localhost' }, { applicationName: 'loadin orders' })).toBe('in, TLS, loadin orders');
  });

  it('takes authorities from a file, and can be told to do without a check or without TLS', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'loadin ca '));
    writeFileSync(join(folder, 'ca.pem'), ca);
    expect(await attempt({ ...good, tls: { ca: join(folder, 'ca.pem') } })).toBe('in, TLS, loadin');
    expect(await attempt({ ...good, tls: { ca: join(folder, 'none.pem') } })).toMatch(
      /^fatal: The authorities for Postgres \(.*none.pem\) can't be read as PEM certificates$/,
    );
    rmSync(folder, { recursive: true });
    expect(await attempt({ ...good, tls: { verify: false } })).toBe('in, TLS, loadin');
    expect(await attempt({ ...good, tls: 'off' })).toBe('in, plain, loadin');
  });

  it('does not depend on the PG… variables of the machine', async () => {
    const before = { ...process.env };
    Object.assign(process.env, { PGOPTIONS: '-c statement_timeout=1 -c nonsense=1', PGREPLICATION: 'database', PGSSLNEGOTIATION: 'direct' });
    Object.assign(process.env, { PGHOST: 'elsewhere', PGPASSWORD: 'other', PGSSLMODE: 'disable', PGUSER: 'other', PGAPPNAME: 'other', PGPORT: '1' });
    expect(await attempt(good)).toBe('in, TLS, loadin');
    expect(await attempt({ ...good, tls: 'off' })).toBe('in, plain, loadin');
    process.env = before;
  });

  it('trusts nobody by default but known authorities', async () => {
    expect(await attempt({ ...good, tls: undefined })).toBe('fatal: Postgres at 127.0.0.1:PORT shows a certificate that is not trusted');
  });

  it('knows the authorities of Amazon RDS for its hosts', async () => {
    const of = async (host: string): Promise<number> => {
      const found = await tlsOptions({ host });
      return found === false ? 0 : ((found.ca as string[] | undefined) ?? []).length;
    };
    expect(await of('shop.abc.eu-west-1.rds.amazonaws.com')).toBeGreaterThan(100);
    expect(await of('db.example')).toBe(0);
  });

  it('says what is wrong with what it was given', async () => {
    expect(await attempt({ ...good, password: 'guessed' })).toBe('fatal: Postgres at 127.0.0.1:PORT refuses the password of user postgres');
    expect(await attempt({ ...good, user: 'stranger' })).toBe('fatal: Postgres at 127.0.0.1:PORT refuses the password of user stranger');
    expect(await attempt({ ...good, database: 'shop' })).toBe('fatal: Postgres at 127.0.0.1:PORT has no database shop');
  });

  it('says when nobody listens, nobody answers, or somebody else does', async () => {
    const closed = await listen(() => undefined);
    await new Promise((resolve) => servers[servers.length - 1]?.close(resolve));
    expect(await attempt(closed)).toBe('retry: Postgres at 127.0.0.1:PORT refuses the connection: nothing listens there');
    expect(await attempt(await listen(() => undefined), { connectTimeoutMs: 200 })).toBe("retry: Postgres at 127.0.0.1:PORT can't be reached");
    expect(await attempt(await listen((socket) => socket.destroy()))).toBe('retry: The connection to Postgres at 127.0.0.1:PORT was lost');
    expect(await attempt(await listen((socket) => socket.once('data', () => socket.end('N'))))).toBe('fatal: Postgres at 127.0.0.1:PORT has no TLS');
  });

  it('reads a refused password once more, as it may have been changed', async () => {
    const asked: boolean[] = [];
    const changed = async ({ fresh }: { fresh: boolean }): Promise<ConnectionSettings> => {
      asked.push(fresh);
      return fresh ? good : { ...good, password: 'of yesterday' };
    };
    expect(await attempt(changed)).toBe('in, TLS, loadin');
    expect(asked).toEqual([false, true]);
    expect(await attempt(async () => ({ ...good, password: 'wrong' }))).toMatch(/^fatal: .* refuses the password/);
  });

  it('ends at once when it is cancelled', async () => {
    const silent = await listen(() => undefined);
    const controller = new AbortController();
    const attempted = connect({ connection: silent }, controller.signal);
    setImmediate(() => controller.abort(new Error('enough')));
    await expect(attempted).rejects.toThrow('enough');
    await expect(connect({ connection: good }, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });
});

describe('explainFailure', () => {
  const settings = { host: good.host, port: good.port, database: good.database, user: good.user };
  it.each([
    [{ code: 'ENOTFOUND' }, 'fatal', "the host's name is not known"],
    [{ code: 'EAI_AGAIN' }, 'retry', "the host's name can't be looked up now"],
    [{ code: 'ETIMEDOUT' }, 'retry', "can't be reached"],
    [{ code: 'CERT_HAS_EXPIRED' }, 'fatal', 'shows a certificate that has expired'],
    [{ code: 'ERR_TLS_CERT_ALTNAME_INVALID' }, 'fatal', 'shows a certificate for another name'],
    [{ code: '53300', severity: 'FATAL' }, 'retry', 'has no connection to spare'],
    [{ code: '57P01', severity: 'FATAL' }, 'retry', 'ended the connection'],
    [{ code: '42501', severity: 'ERROR' }, 'fatal', 'may not do this'],
    [{ code: '25P04', severity: 'FATAL' }, 'retry', 'ended a transaction that took long'],
    [{ code: '23514', severity: 'ERROR', message: 'alice' }, 'fatal', 'failed (23514): what it says of it, perhaps with a value'],
    [{ code: 'XX001', severity: 'ERROR', message: 'page 7\nof 9' }, 'fatal', 'failed (XX001): page 7'],
  ])('%j: %s', (error, action, text) => {
    const explained = explainFailure(error, settings, 'reading orders');
    expect(explained).toMatchObject({ action, where: 'reading orders', cause: error });
    expect(explained.message).toContain(text);
    expect(explained.message).not.toMatch(/[{}\n]/);
  });
});
