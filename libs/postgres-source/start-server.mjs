// One server for all specifications of this project; each makes a database of its own.
import { startPostgres } from '@loadin/postgres';

export default async function startServer() {
  const { host, port, user, password, ca, stop } = await startPostgres({ tls: true });
  process.env['LOADIN_SPEC_POSTGRES'] = JSON.stringify({ host, port, user, password, ca });
  globalThis.stopLoadinSpecPostgres = stop;
}
