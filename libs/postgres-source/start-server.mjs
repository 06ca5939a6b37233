// One server for all specifications of this project; each makes a database of its own.
export default async function startServer() {
  const { startPostgres } = await import('@loadin/postgres').catch((cause) => {
    throw new Error('@loadin/postgres is not built yet; npm test builds it, as does npx tsc -b tools/postgres/tsconfig.lib.json', { cause });
  });
  const { host, port, user, password, ca, stop } = await startPostgres({ tls: true });
  process.env['LOADIN_SPEC_POSTGRES'] = JSON.stringify({ host, port, user, password, ca });
  globalThis.stopLoadinSpecPostgres = stop;
}
