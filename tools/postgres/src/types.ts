import type { Client } from 'pg';

export interface StartOptions {
  /** Folder in which a folder of its own is made. Default: the system's for temporary files, or `/tmp` when the server's user can't reach that one. */
  readonly folder?: string;
  /** `true`: the server has a certificate for 127.0.0.1 and localhost, signed by an authority of its own (`PostgresServer.ca`). Default `false`. */
  readonly tls?: boolean;
  /** Further lines of postgresql.conf, e.g. `{ track_activities: 'on' }`. Default none. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Replaces the lines of pg_hba.conf. Default: everybody from this machine, by password. */
  readonly hba?: readonly string[];
}

/** A server of its own for a specification. It listens on 127.0.0.1 alone, and ends with the process that started it, however that ends. */
export interface PostgresServer {
  /** Where its binaries and data lie. */
  readonly folder: string;
  readonly host: '127.0.0.1';
  readonly port: number;
  /** The superuser's name and password, made for this server. */
  readonly user: string;
  readonly password: string;
  /** PEM of the authority that signed the server's certificate; `undefined` without TLS. */
  readonly ca: string | undefined;
  /** `postgres://…` for a database of the server, password included. Default: the database `postgres`. */
  url(database?: string): string;
  /** A new, empty database of its own, and a connection to it. Databases need not be dropped: they go with the server. */
  createDatabase(): Promise<TestDatabase>;
  /** Ends the server and removes its folder. */
  stop(): Promise<void>;
}

export interface TestDatabase {
  readonly name: string;
  readonly url: string;
  /** Connected as superuser. */
  readonly client: Client;
  close(): Promise<void>;
}
