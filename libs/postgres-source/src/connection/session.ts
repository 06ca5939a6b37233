import { copyOut } from '../copy/copy-out.js';
import type { RowBlock } from '../copy/types.js';
import { connect, type Connection } from './connect.js';
import type { PostgresOptions } from './types.js';
import { wireOf } from './wire.js';

/** One read-only transaction on a connection of its own: everything that is asked in it sees the same state of the database. */
export interface Session {
  /** `server_version_num`, e.g. 160004. */
  readonly serverVersion: number;
  /** Rows of a query, every value as the text that Postgres prints, or `null`. */
  query(sql: string, values?: readonly (string | null)[]): Promise<Record<string, string | null>[]>;
  /** Rows of a query as COPY gives them. Nothing else may be asked until they are all taken. */
  copy(sql: string, options: { signal: AbortSignal; onBytes?: (bytes: number) => void; doing?: string }): AsyncGenerator<RowBlock, void, undefined>;
  /** Lets others read this very state while the session is open (`openSession`'s `snapshot`). */
  exportSnapshot(): Promise<string>;
  /** One of Loadin's errors for a failure in this session. */
  explain(error: unknown, doing?: string): Error;
  end(): Promise<void>;
}

export interface OpenSession {
  readonly signal?: AbortSignal;
  /** Reads the state of the session that exported it. Default: the state of now. */
  readonly snapshot?: string;
}

/** All texts as they are, whatever `pg` would make of them. */
const asText = { getTypeParser: () => (text: string) => text };

/**
 * How values are printed: always the same, exactly, whatever the server's or the role's defaults are. Set for the transaction alone, so that poolers that
 * share connections between transactions (PgBouncer, RDS Proxy) can stand between.
 */
const PRINTING: Readonly<Record<string, string>> = {
  search_path: 'pg_catalog',
  timezone: 'UTC',
  datestyle: 'ISO, YMD',
  intervalstyle: 'postgres',
  bytea_output: 'hex',
  // The shortest digits that give the same number again (up to Postgres 11: 17 digits, which do so too).
  extra_float_digits: '3',
  lc_monetary: 'C',
  xmloption: 'content',
  standard_conforming_strings: 'on',
  // Names of types are printed too.
  quote_all_identifiers: 'off',
};

/** A migration that holds a table's lock longer shows as what it is. */
const LOCK_TIMEOUT_MS = 60_000;

export async function openSession(options: PostgresOptions, open: OpenSession = {}): Promise<Session> {
  const { statementTimeoutMs = 300_000, idleTimeoutMs = 600_000, silenceTimeoutMs = 300_000 } = options;
  const connection = await connect(options, open.signal);
  const { client } = connection;
  const abort = (): void => void wireOf(client).stream.destroy();
  const end = async (): Promise<void> => {
    open.signal?.removeEventListener('abort', abort);
    // The server rolls the transaction back by itself. A connection that is lost already is as good.
    await client.end().catch(() => undefined);
  };
  open.signal?.addEventListener('abort', abort, { once: true });
  const query = asking(connection, open.signal);
  try {
    await query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    if (open.snapshot !== undefined) await query(`SET TRANSACTION SNAPSHOT ${client.escapeLiteral(open.snapshot)}`);
    const settings = Object.entries({
      ...PRINTING,
      statement_timeout: String(statementTimeoutMs),
      lock_timeout: String(Math.min(LOCK_TIMEOUT_MS, statementTimeoutMs)),
      idle_in_transaction_session_timeout: String(idleTimeoutMs),
      // A policy that hides rows is an error then: rows that nobody knows of would be missing.
      row_security: options.rowSecurity === true ? 'on' : 'off',
    });
    await query(`SELECT ${settings.map(([name, value]) => `pg_catalog.set_config('${name}', '${value}', true)`).join(', ')}`);
    // From Postgres 17 on a role's or server's limit would end reads that take longer, however far they are.
    const [facts] = await query(
      "SELECT current_setting('server_version_num') AS version, CASE WHEN current_setting('transaction_timeout', true) IS NOT NULL THEN set_config('transaction_timeout', '0', true) END",
    );
    return {
      serverVersion: Number(facts?.['version']),
      query,
      copy: async function* (sql, { doing, ...copying }) {
        // The time that a consumer takes is no reason to cancel: silenceTimeoutMs stands in.
        await query("SELECT set_config('statement_timeout', '0', true)");
        try {
          yield* copyOut(client, sql, { ...copying, silenceTimeoutMs });
        } catch (error) {
          copying.signal.throwIfAborted();
          throw connection.explain(error, doing);
        }
        await query(`SELECT set_config('statement_timeout', '${statementTimeoutMs}', true)`);
      },
      exportSnapshot: async () => (await query('SELECT pg_export_snapshot() AS id'))[0]?.['id'] ?? '',
      explain: connection.explain,
      end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

const asking =
  ({ client, explain }: Connection, signal?: AbortSignal): Session['query'] =>
  async (sql, values) => {
    try {
      const { rows } = await client.query<Record<string, string | null>>({ text: sql, values: values && [...values], types: asText });
      return rows;
    } catch (error) {
      signal?.throwIfAborted();
      throw explain(error);
    }
  };
