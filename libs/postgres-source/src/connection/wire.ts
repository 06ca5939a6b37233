import type { Socket } from 'node:net';
import type { Client } from 'pg';

/** What is used of `pg`'s client besides its types (of exactly the version that package.json names): the connection and the socket, or TLS socket, below it. */
export interface Wire {
  readonly stream: Socket;
  /** Sends a simple query. */
  query(text: string): void;
}

/** Takes back what `pg` has from PGOPTIONS and PGREPLICATION: it knows no value that means none. */
export function forgetEnvironment(client: Client): void {
  Object.assign((client as unknown as { readonly connectionParameters: object }).connectionParameters, {
    options: undefined,
    replication: undefined,
  });
}

export function wireOf(client: Client): Wire {
  return (client as unknown as { readonly connection: Wire }).connection;
}
