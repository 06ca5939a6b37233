import { FatalError } from '@loadin/resilience';
import type { ConnectionSettings, Tls } from './types.js';

const PORT = 5432;

/**
 * Settings from a secret as RDS and Secrets Manager write it: `host`, `port`, `database` or `dbname`, `username`, `password`, as JSON text or parsed.
 * Throws `FatalError` that names every field that is missing or wrong, and no value.
 */
export function connectionFromSecret(secret: unknown, { name = 'the secret', tls }: { name?: string; tls?: Tls | 'off' } = {}): ConnectionSettings {
  const fields = fieldsOf(secret, name);
  const text = (...names: string[]): string => {
    const value = names.map((field) => fields[field]).find((one) => one !== undefined);
    return typeof value === 'string' ? value.trim() : '';
  };
  const settings = { host: text('host'), database: text('database', 'dbname'), user: text('username'), password: fields['password'] };
  const port = portOf(fields['port']);
  const engine = text('engine');
  const wrong = [
    ...(settings.host === '' ? ['host is missing'] : []),
    ...(port === undefined ? ['port is no port number'] : []),
    ...(settings.database === '' ? ['database (or dbname) is missing'] : []),
    ...(settings.user === '' ? ['username is missing'] : []),
    ...(typeof settings.password !== 'string' || settings.password === '' ? ['password is missing'] : []),
    ...(engine === '' || /postgres/i.test(engine) ? [] : [`engine is ${JSON.stringify(engine)}, not postgres`]),
  ];
  if (wrong.length > 0) {
    throw new FatalError(`${name} does not say how to connect to Postgres: ${wrong.join(', ')}`, {
      where: name,
      hint: 'It is a JSON object with host, port, database, username and password; a secret that RDS manages has the last two only, so use one of your own.',
    });
  }
  return { ...settings, password: settings.password as string, port: port ?? PORT, ...(tls === undefined ? {} : { tls }) };
}

function fieldsOf(secret: unknown, name: string): Readonly<Record<string, unknown>> {
  let value = secret;
  if (typeof secret === 'string') {
    try {
      value = JSON.parse(secret);
    } catch {
      // The parser's own message would quote the secret.
      throw new FatalError(`${name} is not JSON`, { where: name, hint: 'It is a JSON object with host, port, database, username and password.' });
    }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new FatalError(`${name} is no JSON object`, { where: name });
  return value as Record<string, unknown>;
}

function portOf(value: unknown): number | undefined {
  if (value === undefined || value === null || value === '') return PORT;
  const port = typeof value === 'number' ? value : typeof value === 'string' && /^\d+$/.test(value.trim()) ? Number(value) : NaN;
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
}

const SSL_MODES: Readonly<Record<string, Tls | 'off'>> = {
  disable: 'off',
  'no-verify': { verify: false },
  // What libpq's weaker modes would let pass is no protection: with any of them the certificate is checked.
  allow: {},
  prefer: {},
  require: {},
  'verify-ca': {},
  'verify-full': {},
};

/**
 * Settings from `postgres://user:password@host:port/database?sslmode=…&sslrootcert=…`. `sslmode`: `disable`, `no-verify`; every other one, and none, is
 * `verify-full`. Throws `FatalError` that quotes nothing of the URL but names of parameters.
 */
export function connectionFromUrl(url: string, { name = 'the URL of Postgres' }: { name?: string } = {}): ConnectionSettings {
  const refuse = (problem: string): never => {
    throw new FatalError(`${name} ${problem}`, {
      where: name,
      hint: 'It looks like postgres://user:password@host:5432/database; special characters are percent-encoded.',
    });
  };
  const parsed = URL.canParse(url) ? new URL(url) : refuse('is no URL');
  if (!/^postgres(ql)?:$/.test(parsed.protocol)) refuse('does not begin with postgres://');
  const decode = (text: string): string => {
    try {
      return decodeURIComponent(text);
    } catch {
      return refuse('has a % that is not followed by two hexadecimal digits');
    }
  };
  const [host, user, password] = [parsed.hostname.replace(/^\[|\]$/g, ''), decode(parsed.username), decode(parsed.password)];
  const database = decode(parsed.pathname.slice(1));
  const missing = Object.entries({ host, user, password, database }).flatMap(([part, value]) => (value === '' ? [part] : []));
  if (missing.length > 0) refuse(`lacks ${missing.join(', ')}`);
  const unknown = [...parsed.searchParams.keys()].filter((key) => key !== 'sslmode' && key !== 'sslrootcert');
  if (unknown.length > 0) refuse(`has parameters that are not known here: ${unknown.join(', ')}; sslmode and sslrootcert are`);
  const mode = parsed.searchParams.get('sslmode') ?? 'verify-full';
  const tls = SSL_MODES[mode] ?? refuse(`has an sslmode that is none; take disable, no-verify or verify-full`);
  const ca = parsed.searchParams.get('sslrootcert');
  return {
    host,
    port: parsed.port === '' ? PORT : Number(parsed.port),
    database,
    user,
    password,
    tls: tls === 'off' || ca === null ? tls : { ...tls, ca },
  };
}
