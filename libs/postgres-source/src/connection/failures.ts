import { FatalError, LoadinError, RetryableError, type LoadinErrorDetails } from '@loadin/resilience';
import type { ConnectionSettings } from './types.js';

/** What to say of a failure: `{at}` is `host:port`. Nothing here quotes what the server said about values. */
interface Explanation {
  readonly retry?: true;
  readonly message: string;
  readonly hint: string;
}

const unreachable: Explanation = {
  retry: true,
  message: "Postgres at {at} can't be reached",
  hint: "Check host and port, that the server runs, and that this machine's network (VPC, subnet, security group) has a way to it.",
};
const untrusted: Explanation = {
  message: 'Postgres at {at} shows a certificate that is not trusted',
  hint: 'Name its authority, rds for Amazon RDS, else a PEM file: DATABASE_CA (in code tls.ca), or sslrootcert in the URL.',
};

/** By error code of Node's sockets and TLS. */
const BY_CODE: Readonly<Record<string, Explanation>> = {
  ENOTFOUND: { message: "Postgres at {at}: the host's name is not known", hint: 'Check the host; private names are known inside their VPC only.' },
  EAI_AGAIN: { retry: true, message: "Postgres at {at}: the host's name can't be looked up now", hint: 'Check the name server of this machine.' },
  ECONNREFUSED: { ...unreachable, message: 'Postgres at {at} refuses the connection: nothing listens there' },
  ETIMEDOUT: unreachable,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  ECONNRESET: { ...unreachable, message: 'The connection to Postgres at {at} was lost' },
  EPIPE: { ...unreachable, message: 'The connection to Postgres at {at} was lost' },
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  CERT_SIGNATURE_FAILURE: untrusted,
  CERT_HAS_EXPIRED: { ...untrusted, message: 'Postgres at {at} shows a certificate that has expired', hint: "Renew the server's certificate." },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    message: 'Postgres at {at} shows a certificate for another name',
    hint: 'Connect by a name that the certificate has; through a tunnel, DATABASE_TLS=no-verify (in code tls.verify: false; sslmode=no-verify in the URL) believes whoever answers.',
  },
};

/** By SQLSTATE (PostgreSQL documentation, appendix A): whole codes first, then classes of two characters. */
const BY_SQLSTATE: Readonly<Record<string, Explanation>> = {
  '28P01': { message: 'Postgres at {at} refuses the password of user {user}', hint: 'Check username and password.' },
  '28000': {
    message: 'Postgres at {at} does not let user {user} in from here',
    hint: 'Its pg_hba.conf has no line for this user, database and address, or asks for TLS (rds.force_ssl) and it is off.',
  },
  '3D000': { message: 'Postgres at {at} has no database {database}', hint: 'Check the name of the database.' },
  '42501': {
    message: 'User {user} of Postgres at {at} may not do this',
    hint: 'Grant USAGE on the schema and SELECT on its tables. Where a row-level security policy hides rows: ALTER ROLE … BYPASSRLS, or in code rowSecurity: true to do without them.',
  },
  '42P01': { message: 'A table is not in database {database} of Postgres at {at}', hint: 'Check its name and schema.' },
  '42703': { message: 'A column is not in its table any more, at {at}', hint: 'Check the columns that are named for it.' },
  '53300': {
    retry: true,
    message: 'Postgres at {at} has no connection to spare',
    hint: 'Read fewer tables at a time (--concurrency), or in fewer slices, or raise max_connections.',
  },
  '57014': {
    retry: true,
    message: 'Postgres at {at} cancelled a statement',
    hint: 'It took longer than the statement time-out, or somebody ended it.',
  },
  '57P03': { retry: true, message: 'Postgres at {at} is starting or stopping', hint: 'Try again when it runs.' },
  '25P03': { retry: true, message: 'Postgres at {at} ended an idle transaction', hint: 'Raise idleTimeoutMs when records are taken that slowly.' },
  '25P04': { retry: true, message: 'Postgres at {at} ended a transaction that took long', hint: 'Raise transaction_timeout for the user.' },
  '55000': {
    message: 'What is to be read at {at} is not in a state to be read',
    hint: 'A materialized view has no rows before its first REFRESH MATERIALIZED VIEW.',
  },
  '22021': {
    message: 'A text in database {database} is not UTF-8',
    hint: 'Its encoding is SQL_ASCII, which holds any bytes: leave that column out, or repair it at the source.',
  },
  '22P05': { message: 'A text in database {database} has a character that UTF-8 lacks', hint: 'Leave that column out, or repair it at the source.' },
  '08': { retry: true, message: 'The connection to Postgres at {at} was lost', hint: unreachable.hint },
  '40': {
    retry: true,
    message: 'Postgres at {at} cancelled a statement in favour of another',
    hint: 'On a replica: raise max_standby_streaming_delay.',
  },
  '53': { retry: true, message: 'Postgres at {at} lacks memory, disk or connections', hint: 'Look at the load of the server.' },
  '55': { retry: true, message: 'Postgres at {at} has what is needed locked', hint: 'Look for long transactions and migrations.' },
  '57': { retry: true, message: 'Postgres at {at} ended the connection', hint: 'It was restarted, failed over, or an administrator ended it.' },
  '58': { retry: true, message: 'Postgres at {at} has trouble with its disk', hint: "Look at the server's log." },
};

/** Messages of `pg` and Node that have no code. */
const BY_MESSAGE: readonly (readonly [RegExp, Explanation])[] = [
  [
    /does not support SSL|error establishing an SSL connection/i,
    {
      message: 'Postgres at {at} has no TLS',
      hint: "Switch it on at the server; on a network that you trust, DATABASE_TLS=off (in code tls: 'off'; sslmode=disable in the URL) does without.",
    },
  ],
  [
    /nothing came/,
    {
      ...unreachable,
      message: 'Postgres at {at} has stopped answering',
      hint: 'It hangs, or the way to it does; sorting large tables may take longer than silenceTimeoutMs.',
    },
  ],
  [/timeout expired|timed? ?out/i, unreachable],
  [/terminated|socket|ended|closed|not queryable/i, { ...unreachable, message: 'The connection to Postgres at {at} was lost' }],
];

/** What the server says of these is about statements and itself: features, names, limits, damage. All else may quote what a row has, or what somebody RAISEs. */
const QUOTED = /^(?:0A|42|54|XX)/;

/** One of Loadin's errors for whatever `pg` or a socket threw; Loadin's own stay as they are. The original is its `cause`. */
export function explainFailure(error: unknown, settings: Omit<ConnectionSettings, 'password'>, doing?: string): LoadinError {
  if (error instanceof LoadinError) return error;
  const { code, message = '', severity } = error as { code?: string; message?: string; severity?: string };
  const found = explanationOf(code ?? '', message, severity !== undefined);
  const fill = (text: string): string =>
    text.replace(
      /\{(\w+)\}/g,
      (_, name: string) => ({ at: `${settings.host}:${settings.port}`, user: settings.user, database: settings.database })[name] ?? '',
    );
  const isQuoted = severity === undefined || QUOTED.test(code ?? '');
  const said = isQuoted ? firstLine(message) : "what it says of it, perhaps with a value of a row, is in the server's log";
  const known = found === undefined ? `Postgres at {at} failed${code === undefined ? '' : ` (${code})`}: ${said}` : found.message;
  const details: LoadinErrorDetails = {
    where: doing ?? `${settings.host}:${settings.port}/${settings.database}`,
    hint: found?.hint ?? "Look at the server's log.",
    cause: error,
  };
  const text = `${fill(known)}${doing === undefined ? '' : ` (${doing})`}`;
  return found?.retry === true ? new RetryableError(text, details) : new FatalError(text, details);
}

function explanationOf(code: string, message: string, fromServer: boolean): Explanation | undefined {
  if (fromServer) return BY_SQLSTATE[code] ?? BY_SQLSTATE[code.slice(0, 2)];
  return BY_CODE[code] ?? BY_MESSAGE.find(([pattern]) => pattern.test(message))?.[1];
}

const firstLine = (text: string): string => text.split('\n')[0]?.slice(0, 200) ?? '';
