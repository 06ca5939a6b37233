import type { DatabaseSettings, SecretStore } from '@loadin/config';
import type { ConnectionSettings, ConnectionSource } from '@loadin/postgres-source';

/** Functions of the package, by name, so that its loading stays the caller's matter. */
type Readers = Pick<typeof import('@loadin/postgres-source'), 'connectionFromSecret' | 'connectionFromUrl'>;

type AskedConnection = Exclude<ConnectionSource, ConnectionSettings>;

/** How the database of the settings is reached. A secret is read when it is first needed, and once more when its password is refused: it may have been rotated. */
export function databaseConnection({ connection, tls, ca }: DatabaseSettings, secrets: SecretStore, readers: Readers): AskedConnection {
  const overTls = (found: ConnectionSettings): ConnectionSettings => {
    if (tls === 'off') return { ...found, tls: 'off' };
    const own = found.tls === 'off' ? (tls === undefined ? 'off' : {}) : (found.tls ?? {});
    if (own === 'off') return found;
    return { ...found, tls: { ...own, ...(ca !== undefined && { ca }), ...(tls !== undefined && { verify: tls === 'verify' }) } };
  };
  const parse = (text: string): ConnectionSettings =>
    overTls(
      connection.kind === 'plain'
        ? readers.connectionFromUrl(text, { name: 'DATABASE_URL' })
        : readers.connectionFromSecret(text, { name: 'the secret of RDS_SECRET_ARN' }),
    );
  let latest: string | undefined;
  return async ({ fresh }) => {
    latest = fresh && latest !== undefined ? await secrets.reread(connection, latest) : await secrets.value(connection);
    return parse(latest);
  };
}
