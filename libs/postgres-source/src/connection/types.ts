import type { Logger } from '@loadin/observability';

/** Where a database is and who reads it. */
export interface ConnectionSettings {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  /** Default: `{}`, TLS with everything checked. */
  readonly tls?: Tls | 'off';
}

/** How the server's certificate is checked. */
export interface Tls {
  /**
   * The authorities to trust: `rds` (those of Amazon RDS and its proxies, which come with this package), PEM texts, or the path of a PEM file.
   * Default: `rds` for hosts of `rds.amazonaws.com`, else those that Node trusts.
   */
  readonly ca?: string;
  /** `false`: whoever answers is believed. For tunnels whose name is not the certificate's. Default `true`. */
  readonly verify?: boolean;
}

/** The settings, or where to get them: called with `fresh: true` once after the password was refused, as it may have been changed since it was cached. */
export type ConnectionSource =
  ConnectionSettings | ((options: { readonly fresh: boolean; readonly signal?: AbortSignal }) => Promise<ConnectionSettings>);

export interface PostgresOptions {
  readonly connection: ConnectionSource;
  /** Shown in pg_stat_activity. Default `loadin`. */
  readonly applicationName?: string;
  /** Milliseconds for address, TLS and login together. Default 10,000: a firewall that drops packets shows within that. */
  readonly connectTimeoutMs?: number;
  /** Milliseconds that a question about tables, bounds or key ranges may take at the server. Default 300,000. */
  readonly statementTimeoutMs?: number;
  /** Milliseconds that the server may stay silent while rows are waited for; time that the consumer takes does not count. Default 300,000: it may have to sort first. */
  readonly silenceTimeoutMs?: number;
  /** Milliseconds after which the server ends a transaction in which nothing is asked. Default 600,000. */
  readonly idleTimeoutMs?: number;
  /** `true`: rows that a row-level security policy hides from the user are left out. Default `false`: a table with such a policy is refused. */
  readonly rowSecurity?: boolean;
  /** Silent by default. */
  readonly logger?: Logger;
}
