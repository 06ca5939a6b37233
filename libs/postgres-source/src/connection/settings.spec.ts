import { connectionFromSecret, connectionFromUrl } from './settings.js';

const canary = 'canary-of-a-password';
const message = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing thrown';
};

describe('connectionFromSecret', () => {
  const secret = { host: 'db', port: 5433, database: 'shop', username: 'reader', password: canary };

  it('reads what Secrets Manager keeps for RDS: as text or parsed, database or dbname, the port as number or text', () => {
    const settings = { host: 'db', port: 5433, database: 'shop', user: 'reader', password: canary };
    expect(connectionFromSecret(secret)).toEqual(settings);
    expect(connectionFromSecret(JSON.stringify({ ...secret, engine: 'aurora-postgresql', port: '5433' }))).toEqual(settings);
    const { database, ...rest } = secret;
    expect(connectionFromSecret({ ...rest, dbname: database })).toEqual(settings);
    expect(connectionFromSecret({ ...secret, port: undefined })).toEqual({ ...settings, port: 5432 });
    expect(connectionFromSecret(secret, { tls: { ca: 'rds' } })).toEqual({ ...settings, tls: { ca: 'rds' } });
  });

  it('names everything that is wrong at once, and no value', () => {
    expect(message(() => connectionFromSecret({ username: 'reader', password: canary, port: canary }, { name: 'RDS_SECRET_ARN' }))).toBe(
      'RDS_SECRET_ARN does not say how to connect to Postgres: host is missing, port is no port number, database (or dbname) is missing',
    );
    expect(message(() => connectionFromSecret({ ...secret, engine: 'mysql', username: '', password: 7 }))).toBe(
      'the secret does not say how to connect to Postgres: username is missing, password is missing, engine is "mysql", not postgres',
    );
    expect(message(() => connectionFromSecret(canary))).toBe('the secret is not JSON');
    expect(message(() => connectionFromSecret(`["${canary}"]`))).toBe('the secret is no JSON object');
  });
});

describe('connectionFromUrl', () => {
  it('reads every part, percent-decoded', () => {
    expect(connectionFromUrl('postgres://the%20reader:p%40ss%2F@db.example:6000/my%20shop')).toEqual({
      host: 'db.example',
      port: 6000,
      database: 'my shop',
      user: 'the reader',
      password: 'p@ss/',
      tls: {},
    });
    expect(connectionFromUrl('postgresql://a:b@[::1]/c')).toMatchObject({ host: '::1', port: 5432 });
  });

  it.each([
    ['', {}],
    ['?sslmode=require', {}],
    ['?sslmode=verify-full&sslrootcert=/etc/ca.pem', { ca: '/etc/ca.pem' }],
    ['?sslmode=no-verify', { verify: false }],
    ['?sslmode=disable', 'off'],
  ])('checks the certificate unless told otherwise: %j', (query, tls) => {
    expect(connectionFromUrl(`postgres://a:b@c/d${query}`).tls).toEqual(tls);
  });

  it.each([
    ['db.example', 'the URL of Postgres is no URL'],
    ['mysql://a:b@c/d', 'the URL of Postgres does not begin with postgres://'],
    [`postgres://a:${canary}@/`, 'the URL of Postgres is no URL'],
    [`postgres://:${canary}@db`, 'the URL of Postgres lacks user, database'],
    [`postgres://a:${canary}%zz@db/x`, 'the URL of Postgres has a % that is not followed by two hexadecimal digits'],
    [`postgres://a:${canary}@db/x?host=other`, 'the URL of Postgres has parameters that are not known here: host; sslmode and sslrootcert are'],
    [`postgres://a:${canary}@db/x?sslmode=on`, 'the URL of Postgres has an sslmode that is none; take disable, no-verify or verify-full'],
  ])('refuses %s without quoting it', (url, expected) => {
    expect(message(() => connectionFromUrl(url))).toBe(expected);
  });
});
