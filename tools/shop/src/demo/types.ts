import type { LocalAws } from '@loadin/local-aws';
import type { PostgresServer } from '@loadin/postgres';
import type { Client } from 'pg';
import type { ShopCounts } from '../types.js';

export interface DemoOptions {
  /** Where lake, jobs file and a copy of the Parquet files lie; what a demonstration left there is removed. */
  readonly dir: string;
  /** Of the shop. Default 200,000. */
  readonly rows?: number;
  /** How long the next run waits for what a killed one held. Default 3. */
  readonly leaseSeconds?: number;
  /** Gets every line that is shown. */
  readonly say: (line: string) => void;
  /** The `loadin` command. Default: that of the checkout. */
  readonly launcher?: string;
  /** Called when everything has been shown, with servers still running. Default: they are stopped at once. */
  readonly stay?: (stage: Stage) => Promise<void>;
}

/** All that a bronze job speaks with, on this machine. */
export interface Stage {
  readonly dir: string;
  readonly aws: LocalAws;
  readonly postgres: PostgresServer;
  /** The shop's owner. */
  readonly client: Client;
  readonly shop: ShopCounts;
  /** Another connection of the owner; closed with the stage. */
  connect(): Promise<Client>;
  /** What leads a command here. */
  readonly settings: Readonly<Record<string, string>>;
  /** The same, in an environment without the settings that lie in this process's own. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}
