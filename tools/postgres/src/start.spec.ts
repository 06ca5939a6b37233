import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { startPostgres } from './start.js';
import type { PostgresServer } from './types.js';

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });

// Each test starts a server, on a machine that does other things too.
jest.setTimeout(30_000);

describe('startPostgres', () => {
  let folder: string;
  let server: PostgresServer;
  beforeAll(async () => {
    folder = mkdtempSync('/tmp/loadin postgres spec ');
    chmodSync(folder, 0o755); // A folder for all: as root, the server runs as another user.
    server = await startPostgres({ folder: folder, tls: true, settings: { 'loadin.note': "it's read" } });
  });
  afterAll(async () => {
    await server.stop(); // once more, when a specification has failed before
    rmSync(folder, { recursive: true });
  });

  it('starts in a folder with spaces, and gives databases that know nothing of each other', async () => {
    const [one, other] = [await server.createDatabase(), await server.createDatabase()];
    await one.client.query('CREATE TABLE t (a int)');
    expect((await other.client.query(`SELECT to_regclass('t') AS t, current_setting('loadin.note') AS note`)).rows).toEqual([
      { t: null, note: "it's read" },
    ]);
    await Promise.all([one.close(), other.close()]);
  });

  it('asks for the password, and shows a certificate for its address that its authority has signed', async () => {
    const { host, port, user, password, ca } = server;
    const login = async (changes: object): Promise<string> => {
      const client = new Client({ host, port, user, password, database: 'postgres', ssl: { ca }, ...changes });
      return client.connect().then(
        () => client.end().then(() => 'in'),
        (error: { code?: string }) => String(error.code),
      );
    };
    expect(await login({})).toBe('in');
    expect(await login({ host: 'localhost' })).toBe('in');
    expect(await login({ password: 'guessed' })).toBe('28P01');
    expect(await login({ ssl: true })).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  });

  it('says why it does not start, and leaves nothing', async () => {
    await expect(startPostgres({ folder, settings: { shared_buffers: 'plenty' } })).rejects.toThrow(/Postgres did not start: .*shared_buffers/);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('ends with the process that started it, even when that is killed', async () => {
    const built = join(import.meta.dirname, '../dist/index.js');
    if (!existsSync(built)) throw new Error('Build it first: tsc -b tools/postgres/tsconfig.lib.json');
    const program = `import { startPostgres } from ${JSON.stringify(built)};
      const { port, folder } = await startPostgres();
      console.log(JSON.stringify({ port, folder }));
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const left = JSON.parse(line.toString()) as { port: number; folder: string };
    expect(await answers(left.port)).toBe(true);
    child.kill('SIGKILL');
    for (let waited = 0; existsSync(left.folder) && waited < 10_000; waited += 20) await sleep(20);
    expect(existsSync(left.folder)).toBe(false);
    expect(await answers(left.port)).toBe(false);
  });

  it('leaves neither process nor file when it is stopped', async () => {
    expect(readdirSync(folder)).toHaveLength(1);
    await server.stop();
    expect(await answers(server.port)).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });
});
